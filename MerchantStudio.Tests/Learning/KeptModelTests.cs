using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Bayes;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Gaussian;
using MerchantStudio.Core.Learning.Imbalance;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Tests.Learning.Collaborative;
using Xunit;

namespace MerchantStudio.Tests.Learning;

/// <summary>What the file of any model keeps to, whatever kind it is of.</summary>
public sealed class KeptModelTests
{
    private const int Ids = 12;
    private static readonly NetworkTraining Short = new(Epochs: 2, BatchSize: 64, Optimizer: new OptimizerOptions(Rate: 0.01));

    private static readonly Dictionary<string, Func<Kept>> Kinds = new Dictionary<string, Func<Kept>>
    {
        ["bayes"] = () => Binary(new NaiveBayesTrainer()),
        ["gaussian"] = () => Binary(new GaussianTrainer()),
        ["logistic"] = () => Binary(new LogisticTrainer(new LogisticOptions(Strengths: [0.1]))),
        ["trees"] = () => Binary(new BoostedTreesTrainer([new TreesOptions(Rounds: 5)])),
        ["mlp"] = () => Binary(new MlpTrainer(new MlpOptions(Training: Short))),
        ["rebalanced trees"] = () => Binary(new RebalancedTrainer(new BoostedTreesTrainer([new TreesOptions(Rounds: 5)]), Rebalancing.Weights)),
        ["item-knn"] = () => Sequence(new NeighbourTrainer().Train(SequenceModelContractTests.Tribes(), Ids, Now)),
        ["ials"] = () => Sequence(Factors()),
        ["popularity"] = () => Sequence(PopularityTrainer.Train(SequenceModelContractTests.Tribes(), Ids)),
        ["blend"] = () => Sequence(new BlendTrainer(2).Train([Factors(), new NeighbourTrainer().Train(SequenceModelContractTests.Tribes(), Ids, Now)], SequenceModelContractTests.Tribes(), [.. Enumerable.Range(1, Ids).Select(place => 1.0 / place)], 1, Now).Model),
    }
    .Concat(Enum.GetValues<SequenceReader>().Select(reader => KeyValuePair.Create($"next by {reader}", () => Sequence(Next(reader)))))
    .Concat(Enum.GetValues<SequenceReader>().Select(reader => KeyValuePair.Create($"outcome by {reader}", () => Outcome(reader))))
    .ToDictionary();

    public static TheoryData<string> Names => [.. Kinds.Keys];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_read_back_answers_to_the_bit_as_before_and_gives_the_same_file(string kind)
    {
        var model = Kinds[kind]();
        var loaded = model.Load(new MemoryStream(model.File));
        Assert.Equal(model.Description, loaded.Description);
        Assert.Equal(model.Answers, loaded.Answers);
        Assert.Equal(model.File, loaded.File);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_that_is_cut_or_of_something_else_is_no_model(string kind)
    {
        var model = Kinds[kind]();
        foreach (var length in (int[])[0, 1, 7, 20, model.File.Length / 3, model.File.Length - 1]) Refused(model.File[..length]);
        Refused([.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))]);
        Refused([.. "MZ\u0090\0\u0003"u8, .. new byte[500]]);
        foreach (var other in (Func<Kept>[])[Kinds["bayes"], Kinds["popularity"], Kinds["outcome by Gru"]])
        {
            if (other() is var foreign && foreign.Kind != model.Kind) Refused(foreign.File);
        }

        void Refused(byte[] file) => Assert.Throws<InvalidDataException>(() => model.Load(new MemoryStream(file)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_with_a_changed_byte_is_no_model(string kind)
    {
        var model = Kinds[kind]();
        var random = new SeededRandom(12);
        for (var trial = 0; trial < 30; trial++)
        {
            var damaged = model.File.ToArray();
            damaged[random.NextInt(damaged.Length)] ^= (byte)(1 + random.NextInt(255));
            Assert.Throws<InvalidDataException>(() => model.Load(new MemoryStream(damaged)));
        }
    }

    private static Kept Binary(IBinaryTrainer trainer)
    {
        var (x, y) = LearningWorld.Shoppers(300, 1);
        return Of(trainer.Train(x, y, x, y, 1, null, Now).Value.Model);

        Kept Of(IBinaryModel model) => new("yes or no", $"{model.Family} {model.Settings}", [.. model.Score(x), .. model.Explain(x, 7).Select(value => (float)value)], model.Save, file => Of(BinaryModels.Load(file)));
    }

    private static Kept Sequence(ISequenceModel model) => new("next", $"{model.Family} {model.Ids}", [.. model.Score([8, 2, 9]), .. model.Score([1])], model.Save, file => Sequence(SequenceModels.Load(file)));

    private static Kept Outcome(SequenceReader reader)
    {
        var sequences = SequenceModelContractTests.Tribes();
        float[] y = [.. Enumerable.Range(0, sequences.Count).Select(i => i % 2 == 0 ? 1f : 0f)];
        return Of(new SessionOutcomeTrainer(Small(reader)).Train(sequences, y, sequences, y, Ids, 1, null, null, Now).Model);

        static Kept Of(SessionOutcomeModel model) => new("outcome", $"{model.Family} {model.Ids}", [model.Score([8, 2, 9]), model.Score([1]), .. model.Explain([8, 2, 9]).Select(value => (float)value)], model.Save, file => Of(SessionOutcomeModel.Load(file)));
    }

    private static ISequenceModel Factors() => new AlsTrainer(new AlsOptions(Factors: 4)).Train(SequenceModelContractTests.Tribes(), Ids, 1, Now);

    private static ISequenceModel Next(SequenceReader reader) => new SequenceTrainer(Small(reader)).Train(SequenceModelContractTests.Tribes(), new ShopperSequences([]), Ids, 1, null, null, Now).Model;

    private static SequenceOptions Small(SequenceReader reader) => new(reader, Columns: 8, Length: 6, Training: Short);

    private sealed record Kept(string Kind, string Description, float[] Answers, Action<Stream> Save, Func<Stream, Kept> Load)
    {
        public byte[] File
        {
            get
            {
                using var file = new MemoryStream();
                Save(file);
                return file.ToArray();
            }
        }
    }
}
