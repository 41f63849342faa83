using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Quality;

namespace MerchantStudio.Components.Pages.Home;

/// <summary>What the home page holds: the period's figures, what to do next, how fresh the data are; or the first steps of an empty shop.</summary>
public sealed class HomeViewModel(FigureReader figures, NextActions actions, QualityGate quality, PipelineReports reports, CouponRules rules)
{
    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    public ShopFigures? Figures { get; private set; }

    public ImmutableArray<Freshness> Freshness { get; private set; } = [];

    /// <summary>Null while they are being counted.</summary>
    public ImmutableArray<NextAction>? Actions { get; private set; }

    public QualityReport? Quality { get; private set; }

    public FirstSteps Steps { get; private set; } = new(false, false, false, false);

    /// <summary>Key of the figure drawn below the strip.</summary>
    public string? Chosen { get; set; }

    public Figure? ChosenFigure => Figures?.Figures.FirstOrDefault(figure => figure.Key == Chosen) ?? Figures?.Figures[0];

    /// <summary>Reads the figures first: the page shows them while the rest is counted.</summary>
    public async Task ShowAsync(WorkspaceScope scope, PeriodChoice period, CancellationToken cancellationToken)
    {
        var read = await figures.ReadAsync(scope, period, cancellationToken);
        Figures = read.Succeeded ? read.Value : null;
        Problem = read.Problem;
        State = read.Problem switch { null => PageState.Ready, NoFiguresYet => PageState.Empty, _ => PageState.Problem };
        if (State == PageState.Problem) return;
        var freshness = await figures.FreshnessAsync(scope, cancellationToken);
        Freshness = freshness.Succeeded ? freshness.Value : [];
        Quality = await quality.LatestAsync(scope, cancellationToken);
        if (State == PageState.Empty) Steps = await StepsAsync(scope, cancellationToken);
    }

    /// <summary>Counts the groups that something could be done for; slower than the figures.</summary>
    public async Task FindActionsAsync(WorkspaceScope scope, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (State == PageState.Ready) Actions = await actions.FindAsync(scope, Freshness, Quality, now, cancellationToken);
    }

    private async Task<FirstSteps> StepsAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var report = await reports.LatestPublishedAsync(scope, cancellationToken);
        var listed = await rules.ListAsync(scope, cancellationToken);
        return new FirstSteps(!Freshness.IsEmpty, !Freshness.IsEmpty && Quality is not null, report is not null, listed is { Succeeded: true, Value.IsEmpty: false });
    }
}

/// <summary>How far a new shop has come.</summary>
public sealed record FirstSteps(bool Imported, bool Checked, bool Trained, bool Ruled);
