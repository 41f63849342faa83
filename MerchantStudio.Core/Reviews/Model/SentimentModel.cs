using System.Collections.Immutable;
using MerchantStudio.Core.Reviews.Text;

namespace MerchantStudio.Core.Reviews.Model;

/// <param name="Score">-1 to 1: probability of positive minus probability of negative.</param>
internal readonly record struct SentimentScore(Sentiment Sentiment, double Score, double Negative, double Neutral, double Positive);

/// <summary>A trained sentiment model: terms, heads and decision. Thread-safe.</summary>
internal sealed class SentimentModel(TermVocabulary vocabulary, OrdinalHeads heads, SentimentDecision decision)
{
    public const string Family = "ordinal logistic";
    private const string Format = "merchantstudio-sentiment-2";

    public int Terms => vocabulary.Count;

    public SentimentDecision Decision => decision;

    public SentimentScore Score(string text) => Score(ReviewTerms.Of(ReviewUnits.Cut(text)));

    public SentimentScore Score(IReadOnlyList<ReviewTerm> terms)
    {
        var logs = decision.LogProbabilities(ReviewSignals.Of(vocabulary, heads, terms));
        double negative = 0, neutral = 0, positive = 0;
        for (var k = 0; k < logs.Length; k++)
        {
            var probability = Math.Exp(logs[k]);
            if (decision.Classes[k] == Sentiment.Negative) negative = probability;
            else if (decision.Classes[k] == Sentiment.Neutral) neutral = probability;
            else positive = probability;
        }

        return new SentimentScore(decision.State(logs), positive - negative, negative, neutral, positive);
    }

    /// <summary>In the order of the decision's classes.</summary>
    public double[] Probabilities(string text) => [.. decision.LogProbabilities(ReviewSignals.Of(vocabulary, heads, ReviewTerms.Of(ReviewUnits.Cut(text)))).Select(Math.Exp)];

    /// <summary>How far each word (or character) moves the review, in mean log-odds of the steps; with the mean bias they sum to <see cref="MeanLogOdds"/>.</summary>
    public ImmutableArray<WordWeight> Contributions(string text)
    {
        var units = ReviewUnits.Cut(text);
        var weights = ReviewSignals.UnitWeights(vocabulary, heads, ReviewTerms.Of(units));
        return [.. units.Select((unit, at) => new WordWeight(unit.Start, unit.Length, weights[at]))];
    }

    public double MeanLogOdds(string text)
    {
        var (columns, values, _) = vocabulary.Encode(ReviewTerms.Of(ReviewUnits.Cut(text)));
        return heads.MeanLogOdds(columns, values);
    }

    public double MeanBias => heads.MeanBias;

    /// <summary>The model as an ONNX file that takes what <see cref="SentimentOnnx"/> says.</summary>
    public byte[] ToOnnx() => SentimentOnnx.Write(vocabulary, heads, decision);

    /// <summary>What the ONNX file takes of some texts: each of its inputs row by row.</summary>
    public Dictionary<string, float[]> OnnxInputs(IReadOnlyList<string> texts)
    {
        var inputs = new[] { SentimentOnnx.Counts, SentimentOnnx.Opening, SentimentOnnx.Close }.ToDictionary(name => name, _ => new float[texts.Count * Terms]);
        inputs[SentimentOnnx.Units] = new float[texts.Count];
        for (var row = 0; row < texts.Count; row++)
        {
            Span<float> Row(string name) => inputs[name].AsSpan(row * Terms, Terms);
            inputs[SentimentOnnx.Units][row] = SentimentOnnx.Fill(vocabulary, ReviewTerms.Of(ReviewUnits.Cut(texts[row])), Row(SentimentOnnx.Counts), Row(SentimentOnnx.Opening), Row(SentimentOnnx.Close));
        }

        return inputs;
    }

    public void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Format);
        vocabulary.Write(writer);
        heads.Write(writer);
        decision.Write(writer);
    }

    /// <exception cref="InvalidDataException">Not a sentiment model.</exception>
    public static SentimentModel Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        if (reader.ReadString() != Format) throw new InvalidDataException("This is not a sentiment model.");
        return new SentimentModel(TermVocabulary.Read(reader), OrdinalHeads.Read(reader), SentimentDecision.Read(reader));
    }
}
