using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Insights.Segments;

/// <param name="Condition">Null when it cannot be read any more; <paramref name="Fault"/> says why.</param>
/// <param name="Count">Null before the first pipeline run, or with a fault.</param>
/// <param name="UsedIn">Names of coupon rules and segments that name it.</param>
public sealed record SavedSegment(Guid Id, string Name, Condition? Condition, Problem? Fault, AudienceCount? Count, ImmutableArray<string> UsedIn, string CreatedBy, DateTimeOffset CreatedAt)
{
    /// <summary>How conditions name it.</summary>
    public string Key => $"saved:{Id:D}";
}

/// <summary>Saved segments, their exports and the edited RFM cut points.</summary>
public sealed class Segmentation(IDbContextFactory<StudioDb> databases, AudienceReader audiences, RowExports files, TimeProvider time)
{
    private static readonly RowColumn[] Members =
    [
        new("shopper", CellKind.Text), new("orders", CellKind.Whole), new("spent", CellKind.Number), new("last_order_at", CellKind.Instant), new("last_seen", CellKind.Instant), new("rfm_group", CellKind.Text),
        new("cluster", CellKind.Text), new("intent", CellKind.Number), new("sentiment", CellKind.Number), new("top_category", CellKind.Text),
    ];

    /// <summary>Column keys of the members' file; the caller brings a CSV's header in the page's language.</summary>
    public static IReadOnlyList<string> MemberColumns { get; } = [.. Members.Select(column => column.Name)];

    public async Task<Outcome<ImmutableArray<SavedSegment>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var segments = await database.Segments.AsNoTracking().Where(segment => segment.WorkspaceId == scope.Workspace).OrderBy(segment => segment.Name).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        var users = await UsersAsync(database, scope, cancellationToken).ConfigureAwait(false);
        var list = ImmutableArray.CreateBuilder<SavedSegment>();
        foreach (var segment in segments)
        {
            var read = ConditionJson.Read(segment.ConditionJson);
            var count = read.Succeeded ? await audiences.CountAsync(scope, read.Value, cancellationToken).ConfigureAwait(false) : read.Problem!;
            list.Add(new SavedSegment(segment.Id, segment.Name, read.Succeeded ? read.Value : null, count.Problem, count.Succeeded ? count.Value : null,
                [.. users.Where(user => user.Id != segment.Id && user.Json.Contains($"saved:{segment.Id:D}", StringComparison.Ordinal)).Select(user => user.Name)], segment.CreatedBy, segment.CreatedAt));
        }

        return list.ToImmutable();
    }

    /// <summary>Saves a new segment (without id) or changes one.</summary>
    public async Task<Outcome<Guid>> SaveAsync(WorkspaceScope scope, Guid? id, string name, Condition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(name);
        if (scope.Refusal(Right.EditSegments) is { } refusal) return refusal;
        name = name.Trim();
        if (name.Length is 0 or > 80) return new SegmentNameMissing();
        if ((ConditionCheck.Shape(condition) ?? ConditionCheck.WithoutBasket(condition)) is { } fault) return fault;
        var known = await audiences.ContextAsync(scope, cancellationToken).ConfigureAwait(false);
        if (known.Succeeded && ConditionCheck.Against(condition, Supposing(known.Value, id, name, condition)) is { } unknown) return unknown;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        if (await database.Segments.AnyAsync(other => other.WorkspaceId == scope.Workspace && other.Name == name && other.Id != id, cancellationToken).ConfigureAwait(false)) return new SegmentNameTaken(name);
        var segment = id is null ? null : await database.Segments.SingleOrDefaultAsync(segment => segment.WorkspaceId == scope.Workspace && segment.Id == id, cancellationToken).ConfigureAwait(false);
        if (id is not null && segment is null) return new SegmentGone();
        var before = segment?.ConditionJson;
        if (segment is null)
        {
            segment = new SegmentDefinition { Id = Guid.CreateVersion7(time.GetUtcNow()), WorkspaceId = scope.Workspace, Name = name, ConditionJson = "", CreatedBy = scope.Actor.Name, CreatedAt = time.GetUtcNow() };
            database.Segments.Add(segment);
        }

        segment.Name = name;
        segment.ConditionJson = ConditionJson.Write(condition);
        database.Audit.Add(Entry(scope, id is null ? "segment.created" : "segment.changed", name, before, segment.ConditionJson));
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return segment.Id;
    }

    /// <summary>Removes a segment that no rule and no other segment names.</summary>
    public async Task<Outcome<Done>> DeleteAsync(WorkspaceScope scope, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.EditSegments) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var segment = await database.Segments.SingleOrDefaultAsync(segment => segment.WorkspaceId == scope.Workspace && segment.Id == id, cancellationToken).ConfigureAwait(false);
        if (segment is null) return new SegmentGone();
        var users = await UsersAsync(database, scope, cancellationToken).ConfigureAwait(false);
        if (users.FirstOrDefault(user => user.Id != id && user.Json.Contains($"saved:{id:D}", StringComparison.Ordinal)) is { Name: { } used }) return new SegmentInUse(used);
        database.Segments.Remove(segment);
        database.Audit.Add(Entry(scope, "segment.deleted", segment.Name, segment.ConditionJson, null));
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>The edited cut points; null for quintiles.</summary>
    public async Task<RfmCuts?> CutsAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        return RfmCuts.FromSettings(await database.Workspaces.Where(one => one.Id == workspace).Select(one => one.SettingsJson).SingleAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Sets cut points for the runs to come, or goes back to quintiles.</summary>
    public async Task<Outcome<Done>> SaveCutsAsync(WorkspaceScope scope, RfmCuts? cuts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.EditSegments) is { } refusal) return refusal;
        if (cuts is { IsSound: false }) return new RfmCutsUnsound();
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var workspace = await database.Workspaces.SingleAsync(one => one.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var before = workspace.SettingsJson;
        workspace.SettingsJson = RfmCuts.IntoSettings(before, cuts);
        database.Audit.Add(Entry(scope, "segment.cuts-changed", null, before, workspace.SettingsJson));
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>Writes everybody in an audience as a file, those who spent most first.</summary>
    /// <param name="groupName">A group's or cluster's name by its segment key, in the page's language.</param>
    /// <returns>Rows written.</returns>
    public async Task<Outcome<int>> ExportAsync(WorkspaceScope scope, Condition condition, IReadOnlyList<string> header, Func<string, string> groupName, ExportFormat format, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ExportRows) is { } refusal) return refusal;
        var members = await audiences.MembersAsync(scope, condition, int.MaxValue, cancellationToken).ConfigureAwait(false);
        if (!members.TryGet(out var rows, out var problem)) return problem;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var workspace = await database.Workspaces.AsNoTracking().SingleAsync(one => one.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var file = await files.OpenAsync(scope.Workspace, format, Members, header, TimeZoneInfo.FindSystemTimeZoneById(workspace.TimeZone), target, cancellationToken).ConfigureAwait(false);
        await using var open = file.ConfigureAwait(false);
        foreach (var row in rows)
        {
            file.Text(row.UserId).Number(row.Orders).Number(row.Spent, Money.Decimals(workspace.Currency)).Instant(row.LastOrderAt).Instant(row.LastSeen)
                .Text(row.RfmGroup is null ? null : groupName($"rfm:{row.RfmGroup}")).Text(row.Cluster is { } cluster ? groupName($"cluster:{cluster}") : null)
                .Number(row.Intent is { } intent ? intent * 100 : null, 1).Number(row.Sentiment, 2).Text(row.TopCategory);
            await file.EndRowAsync(cancellationToken).ConfigureAwait(false);
        }

        await file.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return rows.Length;
    }

    // A segment must not name itself through another one: check it as if it were saved already.
    private static ConditionContext Supposing(ConditionContext context, Guid? id, string name, Condition condition) =>
        id is { } own ? context with { Saved = context.Saved.SetItem(own, new SavedCondition(own, name, condition)) } : context;

    private static async Task<(Guid Id, string Name, string Json)[]> UsersAsync(StudioDb database, WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var rules = await database.CouponRules.Where(rule => rule.WorkspaceId == scope.Workspace).Select(rule => new { rule.Id, rule.Name, rule.ConditionJson }).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        var segments = await database.Segments.Where(segment => segment.WorkspaceId == scope.Workspace).Select(segment => new { segment.Id, segment.Name, segment.ConditionJson }).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return [.. rules.Select(rule => (rule.Id, rule.Name, rule.ConditionJson)), .. segments.Select(segment => (segment.Id, segment.Name, segment.ConditionJson))];
    }

    private AuditEntry Entry(WorkspaceScope scope, string action, string? target, string? before, string? after) =>
        new() { WorkspaceId = scope.Workspace, At = time.GetUtcNow(), Actor = scope.Actor.Name, Action = action, Target = target, Before = before, After = after };
}
