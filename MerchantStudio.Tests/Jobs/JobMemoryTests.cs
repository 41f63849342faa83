using System.Text.Json.Nodes;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Jobs;

/// <summary>Work that needs more memory than there is fails alone and says how much it would take.</summary>
[Trait("Row", "C8")]
public sealed class JobMemoryTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_over_the_engine_s_budget_fails_alone_and_says_what_it_needs()
    {
        var problem = await FailAsync("select len(list(i)) from range(60000000) t(i)");
        Assert.Equal("data.memory", problem.Code);
        Assert.Matches("^This needs about [0-9]+ MB of memory or more, and 2[0-9]{2} MB are what this shop's data may use now.", problem.Message);
    }

    [Fact]
    public async Task A_job_over_the_program_s_own_budget_fails_alone_and_says_what_there_is()
    {
        var problem = await FailAsync(null);
        Assert.Equal("job.memory", problem.Code);
        Assert.Matches("^This needs more than [0-9]+ MB of memory", problem.Message);
    }

    /// <param name="sql">What the job asks the engine; null for what the runtime does when its heap is at its limit.</param>
    private static async Task<Problem> FailAsync(string? sql)
    {
        await using var studio = await TemporaryStudio.OpenAsync(services =>
        {
            services.PostConfigure<WarehouseOptions>(options => options.MemoryLimit = "256MB");
            services.AddScoped<IJobHandler>(provider => new GreedyHandler(provider.GetRequiredService<WarehouseRegistry>(), sql)).AddScoped<IJobHandler, ModestHandler>();
        });
        var scope = await studio.WorkspaceAsync();
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => studio.Get<JobRunner>().RunAsync(stop.Token), Now);
        var queue = studio.Get<JobQueue>();
        var greedy = await EndAsync("greedy");
        Assert.Equal(JobState.Failed, greedy.State);
        Assert.Equal(JobState.Succeeded, (await EndAsync("modest")).State);
        await stop.CancelAsync();
        await running;
        return greedy.Problem!;

        async Task<JobSnapshot> EndAsync(string kind)
        {
            var job = (await queue.EnqueueAsync(scope, kind, new { }, Now)).Value;
            JobSnapshot? last = null;
            await foreach (var snapshot in queue.WatchAsync(scope, job, Now)) last = snapshot;
            return last!;
        }
    }

    private sealed class GreedyHandler(WarehouseRegistry warehouses, string? sql) : IJobHandler
    {
        public string Kind => "greedy";

        public bool Resumes => false;

        public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
        {
#pragma warning disable CA2201 // What the runtime itself throws when its heap is at its limit.
            if (sql is null) throw new OutOfMemoryException();
#pragma warning restore CA2201
            var warehouse = await warehouses.OpenAsync(job.Scope.Workspace, cancellationToken);
            return new JsonObject { ["rows"] = await warehouse.ScalarAsync<long>(sql, [], cancellationToken) };
        }

        public Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class ModestHandler(WarehouseRegistry warehouses) : IJobHandler
    {
        public string Kind => "modest";

        public bool Resumes => false;

        public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
        {
            var warehouse = await warehouses.OpenAsync(job.Scope.Workspace, cancellationToken);
            return new JsonObject { ["rows"] = await warehouse.ScalarAsync<long>("select count(*) from events", [], cancellationToken) };
        }

        public Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
