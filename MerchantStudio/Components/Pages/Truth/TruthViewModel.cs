using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Demo;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Truth;

/// <summary>The scoreboard and its one sentence.</summary>
internal sealed class TruthViewModel
{
    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    public DemoScores? Scores { get; private set; }

    public async Task ShowAsync(DemoScoreboard scoreboard, Outcome<WorkspaceScope> scope, CancellationToken cancellationToken)
    {
        var measured = scope.TryGet(out var allowed, out var problem) ? await scoreboard.MeasureAsync(allowed, cancellationToken) : problem;
        Scores = measured.TryGet(out var scores, out problem) ? scores : null;
        Problem = problem;
        State = problem is null ? PageState.Ready : PageState.Problem;
    }

    /// <summary>The part of the way from a coin to the best possible ranking that the model went.</summary>
    public static double Way(IntentScore score) => (score.Auroc - 0.5) / (score.BestAuroc - 0.5);

    /// <summary>The horizon that the headline is about: seven days, else the nearest to it.</summary>
    public static IntentScore? Headline(DemoScores scores) => scores.Intent.OrderBy(score => Math.Abs(score.HorizonDays - 7)).FirstOrDefault();

    /// <summary>How far the intent model came; where it was not judged, what the other models found.</summary>
    public string Answer(Texts texts) =>
        Scores is { } scores && Headline(scores) is { Buyers: > 0 } intent ? texts["Truth.answer-intent", Show.Percent(Way(intent), 0), intent.HorizonDays] : Others(texts);

    /// <summary>What the other models found, where the answer is about intent.</summary>
    public string Second(Texts texts) => Scores is { } scores && Headline(scores) is { Buyers: > 0 } ? Others(texts) : "";

    private string Others(Texts texts)
    {
        var parts = new List<string>();
        if (Scores?.Sentiment is { } sentiment) parts.Add(texts["Truth.answer-sentiment", Show.Percent(sentiment.Accuracy, 0)]);
        if (Scores?.Clusters is { } clusters) parts.Add(texts["Truth.answer-clusters", Show.Percent(clusters.BestMatch, 0)]);
        return parts.Count == 0 ? "" : string.Join(texts["Truth.joint"], parts) + texts["Truth.stop"];
    }
}
