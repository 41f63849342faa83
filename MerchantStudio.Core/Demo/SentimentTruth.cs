using System.Collections.Immutable;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Demo;

/// <summary>Published review sentiment against what each text was written to say.</summary>
internal static class SentimentTruth
{
    private const int MissesShown = 6;

    private static readonly string[] Classes = ["negative", "neutral", "positive"];

    private sealed record Judged(string True, string Found, string FromStars, int Stars, string Language, string Text, double Score);

    public static async Task<SentimentScore?> MeasureAsync(WorkspaceWarehouse warehouse, ImmutableDictionary<string, TrueReview> truth, CancellationToken cancellationToken)
    {
        if (!await warehouse.HasTableAsync("review_scores", cancellationToken).ConfigureAwait(false)) return null;
        var rows = await warehouse.QueryAsync(
            """
            select r.review_id, s.sentiment, r.rating, r.text, s.score
            from review_scores s join reviews r on r.import_id = s.import_id and r.source_line = s.source_line
            where r.rating is not null
            order by r.review_id
            """,
            row => (Id: row.Text(0)!, Found: row.Text(1)!, Stars: (int)row.Double(2), Text: row.Text(3) ?? "", Score: row.Double(4)), [], cancellationToken).ConfigureAwait(false);
        var judged = rows.Where(row => truth.ContainsKey(row.Id))
            .Select(row => new Judged(truth[row.Id].Sentiment, row.Found, OfStars(row.Stars), row.Stars, truth[row.Id].Language, row.Text, row.Score)).ToList();
        return judged.Count == 0 ? null : Score(judged);
    }

    private static SentimentScore Score(List<Judged> judged)
    {
        var classes = Classes.Select(name => OfClass(judged, name)).ToImmutableArray();
        var conflicts = judged.Where(review => review.FromStars != review.True).ToList();
        return new(
            judged.Count, Share(judged, review => review.Found == review.True), classes.Average(F1), Share(judged, review => review.FromStars == review.True),
            conflicts.Count, Share(conflicts, review => review.Found == review.True), classes,
            [.. judged.GroupBy(review => review.Language, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new LanguageScore(group.Key, group.Count(), Share([.. group], review => review.Found == review.True)))],
            [.. judged.Where(review => review.Found != review.True).OrderByDescending(review => Math.Abs(review.Score)).Take(MissesShown)
                .Select(review => new SentimentMiss(review.Text, review.True, review.Found, review.Stars))]);
    }

    private static ClassScore OfClass(List<Judged> judged, string name)
    {
        var hits = judged.Count(review => review.True == name && review.Found == name);
        var found = judged.Count(review => review.Found == name);
        var planted = judged.Count(review => review.True == name);
        return new(name, planted, found == 0 ? 0 : hits / (double)found, planted == 0 ? 0 : hits / (double)planted);
    }

    private static double F1(ClassScore score) => score.Precision + score.Recall == 0 ? 0 : 2 * score.Precision * score.Recall / (score.Precision + score.Recall);

    private static double Share(List<Judged> judged, Func<Judged, bool> holds) => judged.Count == 0 ? double.NaN : judged.Count(holds) / (double)judged.Count;

    private static string OfStars(int stars) => stars <= 2 ? "negative" : stars == 3 ? "neutral" : "positive";
}
