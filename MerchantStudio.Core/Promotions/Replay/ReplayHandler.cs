using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Replay;

internal sealed record ReplayRequest(Guid RuleId, int Days);

/// <summary>Replays one rule as it stands and keeps the result. It only reads until the last moment, so a cut-off run leaves nothing behind and starts anew.</summary>
internal sealed class ReplayHandler(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, AudienceReader audiences, TimeProvider time) : IJobHandler
{
    public string Kind => RuleReplays.JobKind;

    public bool Resumes => true;

    public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var request = JsonSerializer.Deserialize<ReplayRequest>(job.InputJson, JobJson.Options)!;
        var known = await audiences.ContextAsync(job.Scope, cancellationToken).ConfigureAwait(false);
        if (!known.TryGet(out var context, out var problem)) return problem;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var workspace = await database.Workspaces.AsNoTracking().SingleAsync(workspace => workspace.Id == job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        var rule = await database.CouponRules.AsNoTracking().SingleOrDefaultAsync(rule => rule.WorkspaceId == job.Scope.Workspace && rule.Id == request.RuleId, cancellationToken).ConfigureAwait(false);
        if (rule is null) return new RuleGone();
        if (!RuleMapping.ToDraft(rule, context.TimeZone).TryGet(out var draft, out problem)) return problem;
        if (ConditionCheck.Against(draft.Condition, context) is { } fault) return fault;
        if (draft.SegmentLimits.Select(limit => ConditionCheck.Against(new InSegment([limit.Segment]), context)).OfType<Problem>().FirstOrDefault() is { } gone) return gone;
        var others = await ReplayRules.LiveAsync(database, job.Scope.Workspace, rule.Id, context, time, cancellationToken).ConfigureAwait(false);
        var codes = await database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == job.Scope.Workspace && code.ShopperId != null).Select(code => new { code.ShopperId, code.GivenAt }).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        var question = new ReplayQuestion(
            draft, CartRule.Of(rule.Id, draft, time.GetUtcNow()), others, context, workspace.BestOffersForCustomer ? DecisionMode.BestForCustomer : DecisionMode.Priority, workspace.Currency, context.AsOf.AddDays(-request.Days), context.AsOf,
            [.. codes.Select(code => (code.ShopperId!, code.GivenAt))]);
        var warehouse = await warehouses.OpenAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        var result = await new ReplayRun(question, new Reporter(job, time), time).RunAsync(warehouse, cancellationToken).ConfigureAwait(false);
        var saved = new RuleReplay
        {
            Id = job.JobId,
            WorkspaceId = job.Scope.Workspace,
            RuleId = rule.Id,
            TermsHash = ReplayRules.HashOf(draft),
            Revision = rule.Revision,
            From = result.From,
            To = result.To,
            DataAsOf = context.AsOf,
            MadeAt = time.GetUtcNow(),
            MadeBy = job.Scope.Actor.Name,
            ResultJson = JsonSerializer.Serialize(result, JobJson.Options),
        };
        await RuleReplays.KeepAsync(database, saved, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.SerializeToNode(new { rule = rule.Id }, JobJson.Options)!;
    }

    public Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed class Reporter(IJobContext job, TimeProvider time) : IProgress<ReplayProgress>
    {
        private readonly long _started = time.GetTimestamp();

        public void Report(ReplayProgress value)
        {
            var seconds = time.GetElapsedTime(_started).TotalSeconds;
            var pricing = value.Stage == "price";
            var fraction = value.Total is > 0 and var total ? value.Done / (double)total : 0;
            var whole = pricing ? 0.9 * fraction : 0.9 + (0.1 * fraction);
            job.Report(new JobProgress(
            [
                new StageProgress("price", pricing ? StageState.Running : StageState.Done, pricing ? value.Done : 0, pricing ? value.Total : null, seconds),
                new StageProgress("sum", pricing ? StageState.Waiting : StageState.Running, pricing ? 0 : value.Done, pricing ? null : value.Total, 0),
            ], whole, whole > 0.05 ? seconds / whole * (1 - whole) : null));
        }
    }
}
