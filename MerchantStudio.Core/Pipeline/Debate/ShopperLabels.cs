using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.Debate;

/// <summary>What people foretell of disputed shoppers: given, taken back, learnt from while the outcome is open, and held against what then happened.</summary>
public sealed class ShopperLabels(ModelDebates debates, IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, PipelineReports reports, AuditTrail audit, TimeProvider time)
{
    /// <summary>Characters of a note.</summary>
    public const int LongestNote = 500;

    private const string PurchasesSql = "select distinct user_id from clean_events where event_type = 'purchase' and user_id is not null and ts >= cast($1 as timestamp) and ts < cast($2 as timestamp)";

    /// <summary>Keeps an answer about a shopper of the debate.</summary>
    /// <param name="moment">Of the list that was looked at; refused when another has been published since.</param>
    /// <param name="note">Why; null or blank for none.</param>
    public async Task<Outcome<GivenLabel>> GiveAsync(WorkspaceScope scope, int horizonDays, DateTimeOffset moment, string shopper, LabelAnswer answer, string? note, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        if (note?.Length > LongestNote) return new NoteTooLong(LongestNote);
        if (!(await debates.OfAsync(scope, horizonDays, shopper, cancellationToken).ConfigureAwait(false)).TryGet(out var disputed, out var problem)) return problem;
        if (disputed.Moment != moment) return new DebateMoved(shopper);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var before = db.ShopperLabels.AsNoTracking().Where(label => label.WorkspaceId == scope.Workspace && label.HorizonDays == horizonDays && label.Moment == disputed.Moment && label.ShopperId == shopper);
        if (await before.SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } other) return new AlreadyLabelled(shopper, other.GivenBy);
        var label = new ShopperLabel
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            WorkspaceId = scope.Workspace,
            ShopperId = shopper,
            HorizonDays = horizonDays,
            Moment = disputed.Moment,
            Answer = answer,
            Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim(),
            ViewsJson = PipelineJson.Write(disputed.Case.Views.Select(view => new LabelView(view.Family, view.Number, view.Chance, view.SaysBuys)).ToImmutableArray()),
            GivenBy = scope.Actor.Name,
            GivenById = scope.Actor.UserId,
            GivenAt = time.GetUtcNow(),
        };
        db.ShopperLabels.Add(label);
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("label.given", TargetOf(label), After: answer.ToString()));
        try
        {
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateException) when (before.Any())
        {
            return new AlreadyLabelled(shopper, (await before.SingleAsync(cancellationToken).ConfigureAwait(false)).GivenBy);   // two people at the same moment
        }

        return Given(scope, label, null);
    }

    /// <summary>Takes an answer back; trainings that have learnt from it are not changed.</summary>
    public async Task<Outcome<Done>> UndoAsync(WorkspaceScope scope, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.ShopperLabels.SingleOrDefaultAsync(label => label.WorkspaceId == scope.Workspace && label.Id == id, cancellationToken).ConfigureAwait(false) is not { } label) return new LabelNotFound();
        if (!MayUndo(scope, label)) return new LabelOfAnother(label.GivenBy);
        db.ShopperLabels.Remove(label);
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("label.undone", TargetOf(label), Before: label.Answer.ToString()));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>All answers to a question with what then happened, and how often people and models were right.</summary>
    public async Task<Outcome<LabelBook>> BookAsync(WorkspaceScope scope, int horizonDays, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var labels = await ReadAsync(scope, horizonDays, cancellationToken).ConfigureAwait(false);
        ImmutableArray<GivenLabel> given = [.. labels.OrderByDescending(pair => pair.Label.GivenAt).Select(pair => Given(scope, pair.Label, pair.Outcome))];
        return new LabelBook(given, Records(given));
    }

    /// <summary>The answers from which the next training learns: those whose outcome is still open. An outcome that is known is learnt from the windows themselves.</summary>
    internal async Task<ImmutableArray<ShopperLabel>> TeachingAsync(WorkspaceScope scope, int horizonDays, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(scope, horizonDays, cancellationToken).ConfigureAwait(false)).Where(pair => pair.Outcome is null && pair.Label.Answer != LabelAnswer.CannotSay).Select(pair => pair.Label)];

    /// <summary>Those of these answers that are still there.</summary>
    internal async Task<ImmutableArray<ShopperLabel>> FindAsync(WorkspaceScope scope, ImmutableArray<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.IsEmpty) return [];
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return [.. await db.ShopperLabels.AsNoTracking().Where(label => label.WorkspaceId == scope.Workspace && ids.Contains(label.Id)).ToListAsync(cancellationToken).ConfigureAwait(false)];
    }

    private async Task<List<(ShopperLabel Label, bool? Outcome)>> ReadAsync(WorkspaceScope scope, int horizonDays, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var labels = await db.ShopperLabels.AsNoTracking().Where(label => label.WorkspaceId == scope.Workspace && label.HorizonDays == horizonDays).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (labels.Count == 0 || await reports.LatestPublishedAsync(scope, cancellationToken).ConfigureAwait(false) is not { AsOf: { } asOf }) return [.. labels.Select(label => (label, (bool?)null))];
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var known = new List<(ShopperLabel, bool?)>();
        foreach (var group in labels.GroupBy(label => label.Moment))
        {
            var end = group.Key.AddDays(horizonDays);
            var bought = (await warehouse.QueryAsync(PurchasesSql, row => row.Text(0)!, [group.Key, end], cancellationToken).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
            known.AddRange(group.Select(label => (label, bought.Contains(label.ShopperId) ? true : end <= asOf ? false : (bool?)null)));
        }

        return known;
    }

    private static ImmutableArray<ForetellingRecord> Records(ImmutableArray<GivenLabel> given)
    {
        var judged = given.Where(label => label.Outcome is not null && label.Answer != LabelAnswer.CannotSay).ToList();
        if (judged.Count == 0) return [];
        var people = new ForetellingRecord(null, judged.Count(label => (label.Answer == LabelAnswer.WillBuy) == label.Outcome), judged.Count);
        return [people, .. judged.SelectMany(label => label.Views.Select(view => (view, label.Outcome))).GroupBy(pair => pair.view.Family).Select(family => new ForetellingRecord(family.Key, family.Count(pair => pair.view.SaysBuys == pair.Outcome), family.Count()))];
    }

    private static GivenLabel Given(WorkspaceScope scope, ShopperLabel label, bool? outcome) => new(
        label.Id, label.ShopperId, label.HorizonDays, label.Moment, label.Answer, label.Note, label.GivenBy, label.GivenAt, PipelineJson.Read<ImmutableArray<LabelView>>(label.ViewsJson), outcome, scope.Refusal(Right.RunPipeline) is null && MayUndo(scope, label));

    private static bool MayUndo(WorkspaceScope scope, ShopperLabel label) =>
        (label.GivenBy == scope.Actor.Name && label.GivenById == scope.Actor.UserId) || scope.Refusal(Right.ManageModels) is null;

    /// <summary>Names the question and the answer, not the shopper: the trail holds no personal data.</summary>
    private static string TargetOf(ShopperLabel label) => FormattableString.Invariant($"{ModelRegistry.IntentPrefix}{label.HorizonDays} {label.Id:D}");
}
