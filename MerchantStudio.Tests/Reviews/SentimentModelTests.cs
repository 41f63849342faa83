using MerchantStudio.Core.Reviews;
using MerchantStudio.Core.Reviews.Model;
using MerchantStudio.Core.Reviews.Text;
using Xunit;

namespace MerchantStudio.Tests.Reviews;

public sealed class SentimentModelTests
{
    private static readonly string[] Good = ["lovely", "soft", "perfect", "warm", "recommended", "很好", "喜欢"];
    private static readonly string[] Bad = ["broken", "awful", "thin", "refund", "disappointed", "太差", "退货"];

    [Fact]
    public void Praise_and_complaint_are_told_apart_in_both_languages()
    {
        var model = Train(1).Model;
        Assert.Equal(Sentiment.Positive, model.Score("lovely and soft, 很好").Sentiment);
        Assert.Equal(Sentiment.Negative, model.Score("awful, broken, 太差").Sentiment);
        Assert.InRange(model.Score("lovely and soft").Score, 0.3, 1);
        Assert.InRange(model.Score("broken and awful").Score, -1, -0.3);
    }

    [Fact]
    public void Probabilities_of_the_classes_sum_to_one()
    {
        var score = Train(1).Model.Score("soft but thin");
        Assert.Equal(1, score.Negative + score.Neutral + score.Positive, 9);
        Assert.Equal(score.Positive - score.Negative, score.Score, 12);
    }

    [Fact]
    public void The_same_seed_gives_the_same_model_to_the_bit()
    {
        Assert.Equal(Bytes(Train(3).Model), Bytes(Train(3).Model));
    }

    [Fact]
    public void A_model_reads_back_as_it_was_saved()
    {
        var model = Train(1).Model;
        var again = SentimentModel.Load(new MemoryStream(Bytes(model)));
        Assert.Equal(model.Score("lovely but thin"), again.Score("lovely but thin"));
        Assert.Equal(Bytes(model), Bytes(again));
    }

    [Fact]
    public void The_weights_of_all_words_and_the_bias_sum_to_the_review_s_log_odds()
    {
        var model = Train(1).Model;
        const string Text = "Not soft at all! Broken zip, 太差了, refund please. soft?";
        Assert.Equal(model.MeanLogOdds(Text), model.MeanBias + model.Contributions(Text).Sum(word => word.Weight), 6);
    }

    [Fact]
    public void The_strength_is_chosen_on_the_folds_and_a_hopeless_one_loses()
    {
        var trained = SentimentTraining.Train(World(), [1e-6, 4], 1, null, TestContext.Current.CancellationToken);
        Assert.Equal(4, trained.Strength);
    }

    [Fact]
    public void The_opening_and_the_close_of_a_review_are_signals_beside_the_whole()
    {
        var world = World();
        IReadOnlyList<ReviewTerm>[] terms = [.. world.Select(review => ReviewTerms.Of(ReviewUnits.Cut(review.Text)))];
        var vocabulary = TermVocabulary.Fit(terms, 2);
        var heads = OrdinalHeads.TrainPath(vocabulary.Encode(terms), [[.. world.Select(review => review.Truth == Sentiment.Positive)]], 1, [4], TestContext.Current.CancellationToken)[0];
        var torn = ReviewTerms.Of(ReviewUnits.Cut("lovely parcel awful"));
        var signals = ReviewSignals.Of(vocabulary, heads, torn);
        var words = ReviewSignals.UnitWeights(vocabulary, heads, torn);
        Assert.Equal((words[0], words[2]), (signals[2 + 1], signals[2 + 2]));
        Assert.True(words[0] > 0 && words[2] < 0);
        Assert.Equal(words.Sum(), signals[1] + signals[2], 6);
    }

    [Fact]
    public void Words_that_decide_are_marked_where_they_stand()
    {
        const string Text = "The parcel came on time, but the lid was broken and awful";
        var marks = Highlights.Of(Train(1).Model.Contributions(Text));
        Assert.Contains(marks, mark => mark.Weight < 0 && Text.Substring(mark.Start, mark.Length).Contains("broken", StringComparison.Ordinal));
        Assert.All(marks, mark => Assert.InRange(mark.Start + mark.Length, 1, Text.Length));
        Assert.Equal(marks.OrderBy(mark => mark.Start), marks);
    }

    [Fact]
    public void An_empty_text_and_unknown_words_get_a_score_all_the_same()
    {
        var model = Train(1).Model;
        Assert.InRange(model.Score("").Score, -1, 1);
        Assert.InRange(model.Score("zzzz qqqq").Score, -1, 1);
        Assert.Empty(Highlights.Of(model.Contributions("")));
    }

    internal static TrainedSentiment Train(int seed) => SentimentTraining.Train(World(), [1, 4], seed, null, TestContext.Current.CancellationToken);

    /// <summary>Reviews whose stars follow from their words; every third is torn.</summary>
    internal static LabelledReview[] World() => [.. Enumerable.Range(0, 240).Select(at =>
    {
        string good = Good[at % 7], good2 = Good[(at * 3 + 1) % 7], bad = Bad[at % 7], bad2 = Bad[(at * 5 + 2) % 7];
        var (text, stars) = (at % 3) switch
        {
            0 => ($"{good} parcel number {at}, {good2}", 4 + (at % 2)),
            1 => ($"{bad} parcel number {at}, {bad2}", 1 + (at % 2)),
            _ => ($"{good} parcel number {at}, but {bad}", 3),
        };
        return LabelledReviews.ByStars(text, stars, SentimentBounds.Default, at)!;
    })];

    private static byte[] Bytes(SentimentModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
