using System.Collections.Immutable;
using MerchantStudio.Components.Conditions;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Referrals;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>Referral programmes, the one that is looked at, and the rows behind one of its advocates.</summary>
public sealed class ReferralsViewModel(ReferralProgrammes programmes, ReferralCodes codes, ReferralReports reports, CouponRules rules, AudienceReader audiences, PipelineReports runs, Texts texts)
{
    /// <summary>All are in the file.</summary>
    private const int MostShown = 500;

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }

    /// <summary>Why the last action was refused.</summary>
    public Problem? Refusal { get; set; }
    public ImmutableArray<ReferralView> Programmes { get; private set; } = [];

    /// <summary>The one that the page speaks of.</summary>
    public ReferralView? Programme { get; private set; }
    public ReferralReading? Reading { get; private set; }
    public ReferralRows? Rows { get; private set; }

    /// <summary>Rules that a programme may give: with a code, neither paused nor over.</summary>
    public IReadOnlyList<Choice<Guid?>> Rules { get; private set; } = [];
    public IReadOnlyList<Choice<string>> Segments { get; private set; } = [];

    public async Task ShowAsync(WorkspaceScope scope, Guid? programme, string? advocate, CancellationToken cancellationToken)
    {
        if (!(await programmes.ListAsync(scope, cancellationToken)).TryGet(out var list, out var problem) || !(await rules.ListAsync(scope, cancellationToken)).TryGet(out var known, out problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        Programmes = list;
        Rules = [.. known.Where(rule => rule.Draft is { Method: RuleMethod.Code } && rule.State is not (CouponRuleState.Paused or CouponRuleState.Ended)).Select(rule => new Choice<Guid?>(rule.Id, rule.Name))];
        Programme = list.FirstOrDefault(row => row.Id == programme) ?? list.FirstOrDefault(row => row.State == ReferralState.Running) ?? list.FirstOrDefault();
        (Reading, Rows) = (null, null);
        if (Programme is { } chosen)
        {
            if (!(await reports.ReadAsync(scope, chosen.Id, MostShown, cancellationToken)).TryGet(out var reading, out problem))
            {
                (State, Problem) = (PageState.Problem, problem);
                return;
            }

            Reading = reading;
            if (advocate is { Length: > 0 } && await reports.RowsAsync(scope, chosen.Id, advocate, cancellationToken) is { Succeeded: true } rows) Rows = rows.Value;
        }

        State = list.IsEmpty ? PageState.Empty : PageState.Ready;
    }

    public async Task<Guid?> SaveAsync(WorkspaceScope scope, Guid? id, int revision, ReferralDraft draft, CancellationToken cancellationToken)
    {
        var saved = await programmes.SaveAsync(scope, id, revision, draft, cancellationToken);
        Refusal = saved.Problem;
        return saved.Succeeded ? saved.Value : null;
    }

    public async Task<bool> MoveAsync(WorkspaceScope scope, ReferralState to, CancellationToken cancellationToken)
    {
        if (Programme is not { } programme) return false;
        Refusal = (to switch
        {
            ReferralState.Running => await programmes.StartAsync(scope, programme.Id, cancellationToken),
            ReferralState.Paused => await programmes.PauseAsync(scope, programme.Id, cancellationToken),
            _ => await programmes.EndAsync(scope, programme.Id, cancellationToken),
        }).Problem;
        await ShowAsync(scope, programme.Id, null, cancellationToken);
        return Refusal is null;
    }

    public async Task ReadSegmentsAsync(WorkspaceScope scope, ShopView shop, CancellationToken cancellationToken)
    {
        var report = await runs.LatestPublishedAsync(scope, cancellationToken);
        Segments = (await SegmentNamesQuery.ReadAsync(texts, report?.Segments?.Report, audiences, scope, shop, cancellationToken)).Choices(texts);
    }

    public async Task<ReferralGift?> GiveAsync(WorkspaceScope scope, string segment, CancellationToken cancellationToken)
    {
        if (Programme is not { } programme) return null;
        var given = await codes.GiveSegmentAsync(scope, programme.Id, segment, cancellationToken);
        Refusal = given.Problem;
        if (!given.Succeeded) return null;
        await ShowAsync(scope, programme.Id, null, cancellationToken);
        return given.Value;
    }

    /// <summary>All advocates of the programme; null with a <see cref="Refusal"/>.</summary>
    public async Task<Stream?> FileAsync(WorkspaceScope scope, ExportFormat format, CancellationToken cancellationToken)
    {
        if (Programme is not { } programme) return null;
        var file = new MemoryStream();
        Refusal = (await reports.WriteAsync(scope, programme.Id, [.. ReferralReports.Columns.Select(column => texts["Referrals.csv-" + column])], format, file, cancellationToken)).Problem;
        file.Position = 0;
        return Refusal is null ? file : null;
    }
}
