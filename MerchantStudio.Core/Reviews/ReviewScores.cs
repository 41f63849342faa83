using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Reviews.Model;
using MerchantStudio.Core.Reviews.Text;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Reviews;

/// <summary>A review as it was imported, found again by import and line.</summary>
internal sealed record StoredReview(int ImportId, long Line, string? Text, double? Stars, string? Label, DateTimeOffset? At);

/// <summary>Reading reviews and writing next_review_scores.</summary>
internal static class ReviewScores
{
    private const int ReportEvery = 1000;
    private static readonly JsonSerializerOptions Words = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static Task<long> CreateAsync(WarehouseSession session, CancellationToken cancellationToken) => session.ExecuteAsync(
        """
        drop table if exists next_review_scores;
        create table next_review_scores (
            import_id integer, source_line bigint, sentiment varchar, score double, p_negative double, p_neutral double, p_positive double,
            language varchar, words varchar)
        """, [], cancellationToken);

    public static Task<ImmutableArray<StoredReview>> ReadAsync(WarehouseSession session, CancellationToken cancellationToken) => session.QueryAsync(
        "select import_id, source_line, text, rating, label, ts from reviews order by import_id, source_line",
        row => new StoredReview(row.Int(0), row.Long(1), row.Text(2), row.DoubleOrNull(3), row.Text(4), row.InstantOrNull(5)), [], cancellationToken);

    public static async Task WriteAsync(WarehouseSession session, SentimentModel model, ImmutableArray<StoredReview> reviews, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var scored = await Task.Run(() => reviews.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(review => (Score: model.Score(review.Text!), Words: WordsJson(model, review.Text!))).ToArray(), cancellationToken).ConfigureAwait(false);
        using var rows = session.Append("next_review_scores");
        for (var at = 0; at < scored.Length; at++)
        {
            if (at % ReportEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report((double)at / scored.Length);
            }

            var (score, words) = scored[at];
            rows.Int(0, reviews[at].ImportId);
            rows.Long(1, reviews[at].Line);
            rows.Text(2, score.Sentiment.Key());
            rows.Double(3, score.Score);
            rows.Double(4, score.Negative);
            rows.Double(5, score.Neutral);
            rows.Double(6, score.Positive);
            rows.Text(7, ReviewLanguage.Of(reviews[at].Text!));
            rows.Text(8, words);
            rows.EndRow();
        }

        rows.Complete();
    }

    internal static ImmutableArray<WordWeight> ReadWords(string? json) => json is null ? [] : JsonSerializer.Deserialize<ImmutableArray<WordWeight>>(json, Words);

    private static string WordsJson(SentimentModel model, string text) => JsonSerializer.Serialize(Highlights.Of(model.Contributions(text)), Words);
}
