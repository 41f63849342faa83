using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Reviews;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Reviews;

/// <summary>What the reviews page shows: the overview of the period, how good the model is, and the list's filter.</summary>
internal sealed class ReviewsViewModel
{
    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    public ReviewOverview? Overview { get; private set; }

    /// <summary>Null before the first run with a sentiment model.</summary>
    public SentimentReport? Report { get; private set; }

    /// <summary>Why the last run could not learn sentiment.</summary>
    public Problem? Missing { get; private set; }

    public ReviewFilter Filter { get; set; } = new();

    public string AnswerKey => Overview?.Before is null ? "Reviews.answer" : Change > 0.005 ? "Reviews.answer-up" : Change < -0.005 ? "Reviews.answer-down" : "Reviews.answer-same";

    public object?[] AnswerArguments => Overview is null ? [] : [Show.Percent(Negative, 0), Overview.Before is { } before ? Show.Percent(before.ShareOf(Sentiment.Negative), 0) : ""];

    private double Negative => Overview is { Now.Reviews: > 0 } ? Overview.Now.ShareOf(Sentiment.Negative) : 0;

    private double Change => Overview?.Before is { } before ? Negative - before.ShareOf(Sentiment.Negative) : 0;

    public static ReviewOrder Order(string? sortKey, bool descending) => sortKey == "score" ? (descending ? ReviewOrder.MostPositive : ReviewOrder.MostNegative) : ReviewOrder.Newest;

    public static string NameOf(ProductSentiment product) => product.Name ?? product.ItemId;

    public string NameOf(string itemId) => Overview?.Products.FirstOrDefault(product => product.ItemId == itemId)?.Name ?? itemId;

    public async Task ShowAsync(ReviewReader reader, PipelineReports reports, Outcome<WorkspaceScope> scope, ReviewSpan span, CancellationToken cancellationToken)
    {
        if (!scope.TryGet(out var allowed, out var refused))
        {
            (State, Problem) = (PageState.Problem, refused);
            return;
        }

        var section = (await reports.LatestPublishedAsync(allowed, cancellationToken))?.Sentiment;
        Report = section?.Report;
        Missing = section?.Problem?.ToProblem();
        var read = await reader.ReadAsync(allowed, span, cancellationToken);
        Overview = read.TryGet(out var overview, out var problem) ? overview : null;
        Problem = problem;
        State = problem switch { null => PageState.Ready, NothingScored => PageState.Empty, _ => PageState.Problem };
    }
}
