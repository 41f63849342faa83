using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;

namespace MerchantStudio.Components.Pages.Features;

/// <summary>All features with their figures, and the one that is looked at closely.</summary>
internal sealed class FeaturesViewModel(FeatureStudy study, PipelineReports reports)
{
    private const int UsualHorizon = 7;
    private WorkspaceScope? _scope;

    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    public FeatureOverview? Overview { get; private set; }

    /// <summary>Of the forecast nearest to seven days; null while none is learned.</summary>
    public IntentReport? Intent { get; private set; }

    /// <summary>The most telling first.</summary>
    public ImmutableArray<FeatureLine> Lines { get; private set; } = [];

    public FeatureLine? Chosen { get; private set; }

    /// <summary>Null while it loads.</summary>
    public FeatureDistribution? Distribution { get; private set; }

    public async Task ShowAsync(Outcome<WorkspaceScope> scope, string? feature, CancellationToken cancellationToken)
    {
        if (!scope.TryGet(out _scope, out var problem))
        {
            Fail(problem);
            return;
        }

        if (!(await study.ReadAsync(_scope, cancellationToken)).TryGet(out var overview, out problem) && problem is not null)
        {
            Fail(problem);
            return;
        }

        Overview = overview;
        if (overview is null)
        {
            State = PageState.Empty;
            return;
        }

        var report = await reports.LatestPublishedAsync(_scope, cancellationToken);
        Intent = report?.Intent.Select(section => section.Report).OfType<IntentReport>().OrderBy(intent => Math.Abs(intent.HorizonDays - UsualHorizon)).FirstOrDefault();
        Lines = Sort(overview, Intent);
        State = PageState.Ready;
        await ChooseAsync(feature, cancellationToken);
    }

    /// <param name="feature">A key; the first line's where it is unknown.</param>
    public async Task ChooseAsync(string? feature, CancellationToken cancellationToken)
    {
        if (_scope is null || Lines.IsEmpty) return;
        Chosen = Lines.FirstOrDefault(line => line.Key == feature) ?? Lines[0];
        Distribution = null;
        var found = await study.DistributionAsync(_scope, Chosen.Feature, cancellationToken);
        if (found.TryGet(out var distribution, out var problem)) Distribution = distribution;
        else Fail(problem);
    }

    internal static ImmutableArray<FeatureLine> Sort(FeatureOverview overview, IntentReport? intent)
    {
        var importance = intent?.Importance.GroupBy(found => found.Feature).ToDictionary(found => found.Key, found => found.Max(part => part.LogLossGain)) ?? [];
        return
        [
            .. overview.Features
                .Select(figures => new FeatureLine(
                    figures,
                    intent is not null && figures.Correlations.TryGetValue(intent.HorizonDays, out var correlation) ? correlation : null,
                    importance.TryGetValue(figures.Feature.Key, out var gain) ? gain : null))
                .OrderByDescending(line => line.Importance ?? double.NegativeInfinity)
                .ThenByDescending(line => Math.Abs(line.Correlation ?? 0)),
        ];
    }

    private void Fail(Problem problem)
    {
        Problem = problem;
        State = PageState.Problem;
    }
}
