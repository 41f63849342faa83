using System.Collections.Immutable;
using System.Data.Common;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantStudio.Core.Promotions;

/// <summary>Takes a rule live and through its later states. Activation is one transaction: audience, codes and state are all there or none is.</summary>
public sealed class RuleActivation(IDbContextFactory<StudioDb> databases, AudienceReader audiences, Guards.PublishingCheck guards, TimeProvider time)
{
    public const int LeastReasonLetters = 5;
    public const int MostReasonLetters = 500;

    /// <summary>Gives a code to everybody who fits now, as far as the limits go; those who spent most come first. Asked again, it answers with what was given.</summary>
    /// <param name="revision">The revision that was on the screen; a later change is refused.</param>
    public Task<Outcome<Activation>> ActivateAsync(WorkspaceScope scope, Guid ruleId, int revision, CancellationToken cancellationToken) => ActivateAsync(scope, ruleId, revision, null, null, cancellationToken);

    /// <summary>Takes a rule live for a campaign: with the same checks and the same approval, but without codes, which the campaign gives to those whom it does not hold back.</summary>
    internal Task<Outcome<Activation>> ActivateAsync(WorkspaceScope scope, Guid ruleId, CampaignTerms campaign, CancellationToken cancellationToken) => ActivateAsync(scope, ruleId, null, campaign, null, cancellationToken);

    /// <summary>Takes a rule live for people who were chosen one by one: each of them gets a code of her own, whatever the condition says of her.</summary>
    internal Task<Outcome<Activation>> ActivateForAsync(WorkspaceScope scope, Guid ruleId, ImmutableArray<string> chosen, CancellationToken cancellationToken) => ActivateAsync(scope, ruleId, null, null, chosen, cancellationToken);

    private async Task<Outcome<Activation>> ActivateAsync(WorkspaceScope scope, Guid ruleId, int? revision, CampaignTerms? campaign, ImmutableArray<string>? chosen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var workspace = await database.Workspaces.AsNoTracking().SingleAsync(workspace => workspace.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(workspace.TimeZone);
        var rule = await FindAsync(database, scope, ruleId, cancellationToken).ConfigureAwait(false);
        if (rule is null) return new RuleGone();
        if (rule.ActivatedAt is not null) return await AlreadyAsync(database, rule, cancellationToken).ConfigureAwait(false);
        if (revision is not null && rule.Revision != revision) return new RuleChangedMeanwhile();
        if (!RuleMapping.ToDraft(rule, zone).TryGet(out var draft, out var unreadable)) return unreadable;
        if (RuleCheck.Check(draft, RuleCalendar.Today(time, zone)).FirstOrDefault() is { } problem) return problem;
        var automatic = draft.Method == RuleMethod.Automatic;
        if (draft.MostCodes is 0) return new RuleLimitTooSmall();
        var audience = chosen ?? [];
        if (campaign is null && chosen is null)
        {
            if ((await DraftCampaigns.ByRuleAsync(database, scope.Workspace, cancellationToken).ConfigureAwait(false)).TryGetValue(ruleId, out var home)) return new RuleIsOfferOfCampaign(home.Name);
            var outcome = await audiences.IdsAsync(scope, draft.Condition, cancellationToken).ConfigureAwait(false);
            if (!outcome.TryGet(out audience, out var unanswered)) return unanswered;

            // An automatic offer may well wait for people who do not fit yet.
            if (audience.Length == 0 && !automatic) return new RuleAudienceEmpty();
        }

        var people = campaign?.People ?? audience.Length;
        if (await guards.RefusalAsync(scope, ruleId, cancellationToken).ConfigureAwait(false) is { } standing) return standing;
        var given = automatic ? 0 : (int)Math.Min(audience.Length, draft.MostCodes ?? long.MaxValue);
        var needsOwner = Approval.IsNeeded(draft, campaign?.MostCodes ?? campaign?.People ?? given, workspace.ApprovalLimitMinor, campaign?.BudgetMinor);
        if (needsOwner && scope.Refusal(Right.ApproveBudget) is not null) return await AwaitAsync(database, scope, rule, people, cancellationToken).ConfigureAwait(false);
        try
        {
            await GiveOutAsync(database, scope, rule, people, audience.AsMemory()[..given], needsOwner, cancellationToken).ConfigureAwait(false);
            return new Activation(false, people, given);
        }
        catch (DbUpdateConcurrencyException)
        {
            // The other click won; what it gave out is the answer to this one too.
            database.ChangeTracker.Clear();
            var now = await FindAsync(database, scope, ruleId, cancellationToken).ConfigureAwait(false);
            return now is null ? new RuleGone() : now.ActivatedAt is null ? new RuleChangedMeanwhile() : await AlreadyAsync(database, now, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Codes stay as they are; the rule no longer counts as live. Shop systems must be told by the merchant.</summary>
    public Task<Outcome<Done>> PauseAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken) =>
        MoveAsync(scope, ruleId, [CouponRuleState.Live, CouponRuleState.Scheduled], CouponRuleState.Paused, "rule.paused", cancellationToken);

    public Task<Outcome<Done>> ResumeAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken) =>
        MoveAsync(scope, ruleId, [CouponRuleState.Paused], CouponRuleState.Live, "rule.resumed", cancellationToken);

    public Task<Outcome<Done>> EndAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken) =>
        MoveAsync(scope, ruleId, [CouponRuleState.Live, CouponRuleState.Scheduled, CouponRuleState.Paused], CouponRuleState.Ended, "rule.ended", cancellationToken);

    /// <summary>Makes a rule that waits for approval a draft again, with what is to change. For those who approve.</summary>
    /// <param name="revision">The revision that was on the screen; a later change is refused.</param>
    /// <param name="reason">Shown to whoever sent it; in <see cref="LeastReasonLetters"/> to <see cref="MostReasonLetters"/> letters.</param>
    public async Task<Outcome<Done>> SendBackAsync(WorkspaceScope scope, Guid ruleId, int revision, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(reason);
        if (scope.Refusal(Right.ApproveBudget) is { } refusal) return refusal;
        var text = reason.Trim();
        if (text.Length is < LeastReasonLetters or > MostReasonLetters) return new SendingBackUnexplained(LeastReasonLetters, MostReasonLetters);
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rule = await FindAsync(database, scope, ruleId, cancellationToken).ConfigureAwait(false);
        if (rule is null) return new RuleGone();
        if (rule.State != CouponRuleState.AwaitingApproval) return new RuleStateUnfit(RuleCalendar.StateOf(rule, time).ToString());
        if (rule.Revision != revision) return new RuleChangedMeanwhile();
        (rule.SentBackBy, rule.SentBackReason) = (scope.Actor.Name, text);
        return await MoveAsync(database, scope, rule, CouponRuleState.Draft, RuleAudit.SentBack, cancellationToken).ConfigureAwait(false);
    }

    private static Task<CouponRule?> FindAsync(StudioDb database, WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken) =>
        database.CouponRules.SingleOrDefaultAsync(rule => rule.WorkspaceId == scope.Workspace && rule.Id == ruleId, cancellationToken);

    private static async Task<Outcome<Activation>> AlreadyAsync(StudioDb database, CouponRule rule, CancellationToken cancellationToken) =>
        new Activation(false, rule.AudienceCount ?? 0, await database.CouponCodes.CountAsync(code => code.RuleId == rule.Id, cancellationToken).ConfigureAwait(false));

    private async Task<Outcome<Activation>> AwaitAsync(StudioDb database, WorkspaceScope scope, CouponRule rule, int audience, CancellationToken cancellationToken)
    {
        if (rule.State != CouponRuleState.AwaitingApproval)
        {
            (rule.SentBackBy, rule.SentBackReason) = (null, null);
            if ((await MoveAsync(database, scope, rule, CouponRuleState.AwaitingApproval, "rule.sent-for-approval", cancellationToken).ConfigureAwait(false)).Problem is { } problem) return problem;
        }

        return new Activation(true, audience, 0);
    }

    private async Task GiveOutAsync(StudioDb database, WorkspaceScope scope, CouponRule rule, int people, ReadOnlyMemory<string> shoppers, bool approved, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = rule.State;
        var transaction = await database.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        rule.State = CouponRuleState.Live;
        rule.ActivatedAt = now;
        rule.ChangedAt = now;
        rule.AudienceCount = people;
        rule.ApprovedBy = approved ? scope.Actor.Name : null;
        (rule.SentBackBy, rule.SentBackReason) = (null, null);
        rule.Revision++;
        database.Audit.Add(RuleAudit.Entry(scope, time, "rule.activated", rule, before));
        await EndReplacedAsync(database, scope, rule, now, cancellationToken).ConfigureAwait(false);
        // First the revision check, so that of two clicks only one makes codes.
        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await InsertAsync(database, transaction.GetDbTransaction(), rule, shoppers, now, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>New terms take the place of the old ones: the old rule ends, and its codes with it.</summary>
    private async Task EndReplacedAsync(StudioDb database, WorkspaceScope scope, CouponRule rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (rule.Replaces is not { } id || await FindAsync(database, scope, id, cancellationToken).ConfigureAwait(false) is not { State: CouponRuleState.Live or CouponRuleState.Paused } old) return;
        var before = old.State;
        old.State = CouponRuleState.Ended;
        old.ChangedAt = now;
        old.Revision++;
        database.Audit.Add(RuleAudit.Entry(scope, time, "rule.replaced", old, before));
    }

    private static async Task InsertAsync(StudioDb database, DbTransaction transaction, CouponRule rule, ReadOnlyMemory<string> shoppers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var insert = await CodeInsert.PrepareAsync(database.Model, transaction, rule, now, cancellationToken).ConfigureAwait(false);
        await using var _ = insert.ConfigureAwait(false);
        await insert.AddNewAsync(rule.CodePrefix, shoppers.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    private async Task<Outcome<Done>> MoveAsync(WorkspaceScope scope, Guid ruleId, CouponRuleState[] from, CouponRuleState to, string action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rule = await FindAsync(database, scope, ruleId, cancellationToken).ConfigureAwait(false);
        if (rule is null) return new RuleGone();
        var before = RuleCalendar.StateOf(rule, time);
        if (before == to) return new Done();
        if (!from.Contains(before)) return new RuleStateUnfit(before.ToString());
        return await MoveAsync(database, scope, rule, to, action, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Outcome<Done>> MoveAsync(StudioDb database, WorkspaceScope scope, CouponRule rule, CouponRuleState to, string action, CancellationToken cancellationToken)
    {
        var before = RuleCalendar.StateOf(rule, time);
        rule.State = to;
        rule.ChangedAt = time.GetUtcNow();
        rule.Revision++;
        database.Audit.Add(RuleAudit.Entry(scope, time, action, rule, before));
        try
        {
            await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new RuleChangedMeanwhile();
        }

        return new Done();
    }
}

/// <param name="People">How many the campaign is for.</param>
/// <param name="BudgetMinor">The campaign's own; null for none.</param>
/// <param name="MostCodes">How many may come to have a code, where that is not bound to the people of today.</param>
internal sealed record CampaignTerms(int People, long? BudgetMinor, long? MostCodes = null);
