using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>A shop that takes live events, on a clock that a test sets.</summary>
internal sealed class LiveWorld : IAsyncDisposable
{
    private LiveWorld(TemporaryStudio studio, WorkspaceScope scope)
    {
        Studio = studio;
        Scope = scope;
    }

    public static DateTimeOffset Start { get; } = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    public static CancellationToken Now => TestContext.Current.CancellationToken;

    public TemporaryStudio Studio { get; }

    public WorkspaceScope Scope { get; }

    public LiveIntake Intake => Studio.Get<LiveIntake>();

    public static async Task<LiveWorld> OpenAsync(Action<LiveOptions>? limits = null, string? folder = null)
    {
        var studio = await TemporaryStudio.OpenAsync(
            services =>
            {
                services.AddSingleton<TimeProvider>(new FixedClock());
                services.PostConfigure<WarehouseOptions>(options => options.CompactFromMegabytes = 64);
                if (limits is not null) services.PostConfigure(limits);
            },
            folder);
        var known = await studio.Get<WorkspaceDirectory>().FindAsync(new("tea"), Now);
        return new LiveWorld(studio, known is null ? await studio.WorkspaceAsync() : new WorkspaceScope(known.Id, Actor.CommandLine));
    }

    public async Task<LiveAnswer> SendAsync(object body, bool isPreview = false) => await SendJsonAsync(JsonSerializer.Serialize(body), isPreview);

    public async Task<LiveAnswer> SendJsonAsync(string json, bool isPreview = false)
    {
        var taken = await TryAsync(json, isPreview);
        Assert.True(taken.Succeeded, taken.Problem?.ToString());
        return taken.Value;
    }

    public async Task<Core.Outcomes.Outcome<LiveAnswer>> TryAsync(string json, bool isPreview = false) =>
        await Intake.TakeAsync((await Studio.Get<LiveShops>().FindAsync(Scope.Workspace, Now))!, Encoding.UTF8.GetBytes(json), isPreview, Now);

    /// <summary>Takes what is in the journal into the warehouse.</summary>
    public Task MoveAsync() => Intake.MoveAsync(Scope.Workspace, Now);

    public Task<WorkspaceWarehouse> WarehouseAsync() => Studio.Get<WarehouseRegistry>().OpenAsync(Scope.Workspace, Now);

    public async Task<T?> ScalarAsync<T>(string sql) => await (await WarehouseAsync()).ScalarAsync<T>(sql, [], Now);

    public async Task RunAsync(string sql)
    {
        await using var session = await (await WarehouseAsync()).BeginAsync(Now);
        await session.ExecuteAsync(sql, [], Now);
        await session.CommitAsync(Now);
    }

    /// <summary>Rows as text, one column or several joined by '|'.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string sql) => await (await WarehouseAsync()).QueryAsync(sql, row => row.Text(0) ?? "", [], Now);

    public ValueTask DisposeAsync() => Studio.DisposeAsync();

    /// <summary>Stands still but for this.</summary>
    public void Wait(TimeSpan time) => ((FixedClock)Studio.Get<TimeProvider>()).Waited += time;

    private sealed class FixedClock : TimeProvider
    {
        public TimeSpan Waited { get; set; }

        public override DateTimeOffset GetUtcNow() => Start + Waited;
    }
}
