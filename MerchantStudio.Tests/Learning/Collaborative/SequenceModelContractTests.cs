using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using Xunit;

namespace MerchantStudio.Tests.Learning.Collaborative;

/// <summary>What everything that scores all items for a history keeps to, however it learnt.</summary>
public sealed class SequenceModelContractTests
{
    private const int Items = 14;   // 1 to 6 are teas, 7 to 12 coffees; nobody ever chose 13 and 14

    private static readonly ImmutableArray<string> Names = [.. Enumerable.Range(1, Items).Select(item => $"i{item}")];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<string> Families => ["item-knn", "ials", "sasrec", "blend"];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_tea_drinker_is_offered_a_tea_that_she_has_not_had_before_any_coffee(string family)
    {
        var scores = Train(family).Score([1, 2, 3]);
        Assert.Equal(Items, scores.Length);
        Assert.True(new[] { 4, 5, 6 }.Min(tea => scores[tea - 1]) > Enumerable.Range(7, 6).Max(coffee => scores[coffee - 1]));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_saved_model_scores_as_before_and_saves_the_same_bytes(string family)
    {
        var model = Train(family);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        var loaded = SequenceModels.Load(file);
        Assert.Equal((family, Items), (loaded.Family, loaded.Ids));
        Assert.Equal(model.Score([8, 2, 9]), loaded.Score([8, 2, 9]));
        Assert.Equal(family is "sasrec" or "item-knn", SequenceModels.ToOnnx(model, Names) is not null);   // the blend has iALS among its parts
        using var again = new MemoryStream();
        loaded.Save(again);
        Assert.Equal(file.ToArray(), again.ToArray());
        for (var length = 0; length < file.Length; length += Math.Max(1, (int)file.Length / 60))
        {
            using var cut = new MemoryStream(file.ToArray()[..length]);
            Assert.Throws<InvalidDataException>(() => SequenceModels.Load(cut));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Unknown_items_are_passed_over_and_an_empty_history_prefers_nothing(string family)
    {
        var model = Train(family);
        Assert.Equal(model.Score([3, 4]), model.Score([900, 3, -1, 0, 4]));
        Assert.All(model.Score([]), score => Assert.Equal(0f, score));
        Assert.All(model.Score([900]), score => Assert.Equal(0f, score));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void An_item_that_nobody_chose_gets_a_score_and_is_not_preferred(string family)
    {
        var model = Train(family);
        var scores = model.Score([1, 2, 3]);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        Assert.True(scores[12] < new[] { 4, 5, 6 }.Min(tea => scores[tea - 1]));
        Assert.All(model.Score([13]), score => Assert.True(float.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void One_item_or_nothing_to_learn_from_is_learnt_from_without_harm(string family)
    {
        foreach (var sequences in (int[][][])[[[1], [1]], [[1, 1, 1]], [[]]])
        {
            Assert.All(Train(family, new ShopperSequences(sequences), items: 1, threads: 2).Score([1]), score => Assert.True(float.IsFinite(score)));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Threads_do_not_change_a_score(string family) =>
        Assert.Equal(Train(family, Tribes(), Items, threads: 1).Score([8, 2, 9]), Train(family, Tribes(), Items, threads: 3).Score([8, 2, 9]));

    [Theory]
    [MemberData(nameof(Families))]
    public void Two_callers_at_once_get_what_each_gets_alone(string family)
    {
        var model = Train(family);
        int[][] histories = [.. Enumerable.Range(0, 200).Select(i => new[] { 1 + (i % 12), 1 + (i * 5 % 12) })];
        var alone = histories.Select(history => model.Score(history)).ToArray();
        var together = new float[histories.Length][];
        Parallel.For(0, histories.Length, i => together[i] = model.Score(histories[i]));
        Assert.Equal(alone, together);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void An_item_beyond_the_highest_is_a_caller_s_mistake(string family) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Train(family, new ShopperSequences([[1, 2, 9]]), items: 8, threads: 1));

    internal static ShopperSequences Tribes()
    {
        var random = new SeededRandom(3);
        return new ShopperSequences([.. Enumerable.Range(0, 200).Select(shopper => random.Sample(6, 4).Select(item => 1 + item + (shopper % 2 * 6)).ToArray())]);
    }

    private static ISequenceModel Train(string family) => Train(family, Tribes(), Items, threads: 2);

    private static ISequenceModel Train(string family, ShopperSequences training, int items, int threads) => family switch
    {
        "item-knn" => new NeighbourTrainer().Train(training, items, Now),
        "ials" => new AlsTrainer(new AlsOptions(Factors: 8, Unobserved: 0.1, Penalty: 0.1, Threads: threads)).Train(training, items, 1, Now),
        "sasrec" => new SequenceTrainer(new SequenceOptions(Columns: 16, Length: 8, Dropout: 0.1f, Training: new NetworkTraining(Epochs: 30, BatchSize: 16, Groups: 3, Threads: threads, Optimizer: new OptimizerOptions(Rate: 0.01))))
            .Train(training, new ShopperSequences([]), items, 1, null, null, Now).Model,
        _ => new BlendTrainer(threads).Train(
            [Train("item-knn", training, items, threads), Train("ials", training, items, threads)],
            new ShopperSequences([.. Enumerable.Range(0, training.Count).Select(i => training[i].ToArray()).Where(steps => steps.Length > 1)]),
            [.. Enumerable.Range(1, items).Select(place => 1.0 / place)], 1, Now).Model,
    };
}
