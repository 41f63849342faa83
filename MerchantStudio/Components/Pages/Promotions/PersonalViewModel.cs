using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Conditions;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Promotions.Personal;
using MerchantStudio.Core.Promotions.Personal.Tries;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>A plan of personal offers while its budget and its ladder are moved.</summary>
public sealed class PersonalViewModel(PersonalOffers offers, PersonalCodes codes, UpliftForecasts forecasts, OfferTries tries, AudienceReader audiences, PipelineReports reports, Texts texts)
{
    public const string Everybody = "all";
    private const decimal UsualMargin = 40;
    private PersonalGround? _ground;
    private int _asking;

    /// <summary>Ladders to choose from, in hundredths of a percent.</summary>
    public static ImmutableArray<ImmutableArray<int>> Ladders { get; } = [[500, 1000, 1500], [1000, 2000], [500, 1000, 1500, 2000, 2500], [500], [1000]];

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }

    /// <summary>What keeps a changed figure from being planned with.</summary>
    public Problem? Fault { get; private set; }
    public PersonalOfferPlan? Plan { get; private set; }
    public IReadOnlyList<Choice<string>> Segments { get; private set; } = [];

    public string Segment { get; private set; } = Everybody;
    public int Days { get; private set; } = 30;

    private Condition Audience => Segment == Everybody ? Condition.Everybody : new InSegment([Segment]);
    public decimal? Margin { get; private set; }

    /// <summary>No product has a cost and nobody typed a margin: a common one stands in its place, and the page says so.</summary>
    public bool MarginAssumed { get; private set; }
    public int Ladder { get; set; }

    /// <summary>Experiments that the plan can stand on.</summary>
    public IReadOnlyList<MeasuredStep> Measured { get; private set; } = [];

    /// <summary>What the plan stands on; null for the assumption.</summary>
    public UpliftForecast? Forecast { get; private set; }
    public PriceAnswer Answer { get; set; }

    /// <summary>Null for as much as pays.</summary>
    public long? BudgetMinor { get; set; }

    public async Task OpenAsync(WorkspaceScope scope, ShopView shop, string? segment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shop);
        var report = await reports.LatestPublishedAsync(scope, cancellationToken);
        var names = await SegmentNamesQuery.ReadAsync(texts, report?.Segments?.Report, audiences, scope, shop, cancellationToken);
        Segments = [new Choice<string>(Everybody, texts["Personal.everybody"]), .. names.Choices(texts)];
        Segment = Segments.Any(choice => choice.Value == segment) ? segment! : Everybody;
        Measured = await offers.MeasuredAsync(scope, cancellationToken) is { Succeeded: true } measured ? measured.Value : [];
        await ReadAsync(scope, cancellationToken);
        await ReadLearningAsync(scope, cancellationToken);
    }

    /// <summary>Whether the shop tries which step works, and what came of it; null where it never did.</summary>
    public OfferLearningView? Learning { get; private set; }

    /// <summary>Switches trying on or off or changes its caps; the reason why not is then in <see cref="Fault"/>.</summary>
    public async Task SaveLearningAsync(WorkspaceScope scope, OfferLearningDraft draft, CancellationToken cancellationToken)
    {
        Fault = (await tries.SaveAsync(scope, draft, cancellationToken)).Problem;
        if (Fault is null) await ReadLearningAsync(scope, cancellationToken);
    }

    /// <summary>Learns from an experiment and plans by it; null goes back to the assumption.</summary>
    public async Task StandOnAsync(WorkspaceScope scope, Guid? experiment, CancellationToken cancellationToken)
    {
        Fault = null;
        if (experiment is not { } id || _ground is not { } ground)
        {
            Forecast = null;
        }
        else
        {
            var learnt = await forecasts.LearnAsync(scope, id, 0, ground.AsOf, cancellationToken);
            if (!learnt.TryGet(out var forecast, out var problem))
            {
                Fault = problem;
                return;
            }

            Forecast = forecast;
        }

        BudgetMinor = null;
        Replan();
    }

    /// <summary>The rules that the plan became; empty before.</summary>
    public IReadOnlyList<PersonalRule> Made { get; private set; } = [];

    /// <summary>Gives the plan's codes out; the reason why not is then in <see cref="Fault"/>.</summary>
    public async Task<bool> GiveAsync(WorkspaceScope scope, string name, CancellationToken cancellationToken)
    {
        if (Plan is not { } plan) return false;
        var given = await codes.GiveAsync(scope, plan, name, Audience, Days, cancellationToken);
        Fault = given.Problem;
        if (given.Succeeded)
        {
            Made = given.Value;
            await ReadLearningAsync(scope, cancellationToken);
        }

        return given.Succeeded;
    }

    public Task AskAsync(WorkspaceScope scope, string segment, int days, decimal? margin, CancellationToken cancellationToken)
    {
        MarginAssumed &= margin == Margin;
        (Segment, Days, Margin) = (segment, days, margin);
        return ReadAsync(scope, cancellationToken);
    }

    /// <summary>Plans anew on what was read.</summary>
    public void Replan()
    {
        if (_ground is not { } ground) return;
        var step = Measured.FirstOrDefault(step => step.ExperimentId == Forecast?.ExperimentId);
        var planned = Forecast is { } forecast && step is not null
            ? PersonalOffers.Plan(ground, new PersonalOfferQuestion([step.BasisPoints], BudgetMinor), forecast)
            : PersonalOffers.Plan(ground, new PersonalOfferQuestion(Ladders[Ladder], BudgetMinor, Answer: Answer));
        Fault = planned.Problem;
        if (planned.Succeeded) Plan = planned.Value;
        State = Plan is null ? PageState.Problem : ground.Shoppers == 0 ? PageState.Empty : PageState.Ready;
        Problem = Plan is null ? Fault : null;
    }

    private async Task ReadLearningAsync(WorkspaceScope scope, CancellationToken cancellationToken) =>
        Learning = await tries.ReadAsync(scope, cancellationToken) is { Succeeded: true } read ? read.Value : null;

    private async Task ReadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var asking = ++_asking;
        var read = await offers.ReadAsync(scope, Audience, Days, Margin is { } percent ? (int)(percent * 100) : null, cancellationToken);

        // Another question was asked meanwhile; its answer counts.
        if (asking != _asking) return;
        if (read.Problem is PersonalMarginUnknown && Margin is null)
        {
            (Margin, MarginAssumed) = (UsualMargin, true);
            await ReadAsync(scope, cancellationToken);
            return;
        }

        if (!read.TryGet(out var ground, out var problem))
        {
            if (_ground is null) (State, Problem) = (PageState.Problem, problem);
            else Fault = problem;
            return;
        }

        (_ground, Fault) = (ground, null);
        Replan();
    }

    public static string LadderText(ImmutableArray<int> steps) => string.Join(" · ", steps.Select(step => (step / 10_000.0).ToString("P0", CultureInfo.CurrentCulture)));
}
