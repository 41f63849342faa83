using System.Globalization;
using System.Text.Json;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Reviews.Text;

namespace MerchantStudio.Core.Reviews.Model;

/// <summary>
/// A sentiment model as a graph of ordinary operators, from the counts of a review's terms on; the file's metadata name the terms of the columns by their hashes and the
/// classes of the result. In double precision, as the studio computes it.
/// </summary>
internal static class SentimentOnnx
{
    /// <summary>Input: how often each term comes up.</summary>
    public const string Counts = "counts";

    /// <summary>Input: how many of them lie in the first third of the review; a term that lies there in part counts in part.</summary>
    public const string Opening = "opening";

    /// <summary>Input: the same for the last third.</summary>
    public const string Close = "close";

    /// <summary>Input: how many words, or characters where words are not spaced, the review has.</summary>
    public const string Units = "units";

    public const string Output = "probability";

    public static byte[] Write(TermVocabulary vocabulary, OrdinalHeads heads, SentimentDecision decision)
    {
        var graph = new OnnxGraph();
        string Input(string name, int columns) => graph.Cast(graph.Input(name, OnnxType.Float, columns), OnnxType.Double);
        var counts = Input(Counts, vocabulary.Count);
        var (opening, close, units) = (Input(Opening, vocabulary.Count), Input(Close, vocabulary.Count), Input(Units, 1));

        var values = Values(graph, counts, vocabulary);
        var weights = graph.Cast(graph.Numbers([vocabulary.Count, heads.Count], heads.Weights), OnnxType.Double);
        var logOdds = graph.Add("Add", graph.Add("MatMul", values, weights), graph.Row(heads.Biases));
        var moves = graph.Add("Mul", values, graph.Row([.. Enumerable.Range(0, vocabulary.Count).Select(heads.MeanWeight)]));
        var share = graph.Add("Div", moves, graph.Add("Max", counts, graph.Scalar(1)));
        string Sum(string terms) => graph.Add("ReduceSum", terms, graph.Indices(1));
        var signals = graph.Add("Concat", [OnnxAttribute.Int("axis", 1)],
            logOdds, Sum(graph.Add("Max", moves, graph.Scalar(0))), Sum(graph.Add("Min", moves, graph.Scalar(0))),
            Sum(graph.Add("Mul", share, opening)), Sum(graph.Add("Mul", share, close)),
            graph.Add("Div", graph.Add("Log", graph.Add("Add", units, graph.Scalar(1))), graph.Scalar(ReviewSignals.LengthScale)));
        graph.Output(Output, OnnxType.Float, graph.Cast(Decide(graph, signals, heads.Count + 5, decision), OnnxType.Float), decision.Classes.Length);
        graph.Fact("family", SentimentModel.Family);
        graph.Fact("terms", JsonSerializer.Serialize(vocabulary.Keys.Select(key => key.ToString("x16", CultureInfo.InvariantCulture))));
        graph.Fact("classes", JsonSerializer.Serialize(decision.Classes.Select(sentiment => sentiment.ToString())));
        return graph.ToModel("sentiment");
    }

    /// <summary>A review's row of each input.</summary>
    /// <returns>How many units it has.</returns>
    public static int Fill(TermVocabulary vocabulary, IReadOnlyList<ReviewTerm> terms, Span<float> counts, Span<float> opening, Span<float> close)
    {
        var units = terms.Select(term => term.First + term.Units).DefaultIfEmpty().Max();
        var part = units / ReviewSignals.Parts;
        foreach (var term in terms)
        {
            var at = vocabulary.IndexOf(term.Key);
            if (at < 0) continue;
            counts[at]++;
            opening[at] += (float)Math.Clamp(part - term.First, 0, term.Units) / term.Units;
            close[at] += (float)Math.Clamp(term.First + term.Units - (units - part), 0, term.Units) / term.Units;
        }

        return units;
    }

    /// <summary>As <see cref="TermVocabulary.Encode(IReadOnlyList{ReviewTerm})"/>, with its roundings.</summary>
    private static string Values(OnnxGraph graph, string counts, TermVocabulary vocabulary)
    {
        var rarity = graph.Cast(graph.Numbers([1, vocabulary.Count], vocabulary.Rarity), OnnxType.Double);
        var damped = graph.Add("Mul", graph.Add("Add", graph.Add("Log", graph.Add("Max", counts, graph.Scalar(1))), graph.Scalar(1)), rarity);
        var values = graph.Add("Where", graph.Add("Greater", counts, graph.Scalar(0)), damped, graph.Scalar(0));
        var length = graph.Add("Sqrt", graph.Add("ReduceSum", graph.Add("Mul", values, values), graph.Indices(1)));
        var scale = graph.Add("Where", graph.Add("Greater", length, graph.Scalar(0)), graph.Add("Reciprocal", length), graph.Scalar(0));
        return Rounded(graph, graph.Add("Mul", Rounded(graph, values), scale));
    }

    private static string Rounded(OnnxGraph graph, string values) => graph.Cast(graph.Cast(values, OnnxType.Float), OnnxType.Double);

    private static string Decide(OnnxGraph graph, string signals, int count, SentimentDecision decision)
    {
        (long A, long B)[] pairs = [.. from a in Enumerable.Range(0, count) from b in Enumerable.Range(a, count - a) select ((long)a, (long)b)];
        string Columns(IEnumerable<long> columns) => graph.Add("Gather", [OnnxAttribute.Int("axis", 1)], signals, graph.Indices([.. columns]));
        var products = graph.Add("Div", graph.Add("Mul", Columns(pairs.Select(pair => pair.A)), Columns(pairs.Select(pair => pair.B))), graph.Scalar(SentimentDecision.ProductScale));
        var (inputs, classes) = (count + pairs.Length, decision.Classes.Length);
        var logits = graph.Add("MatMul", graph.Add("Concat", [OnnxAttribute.Int("axis", 1)], signals, products), graph.Matrix(classes, decision.Weights[..(inputs * classes)]));
        return graph.Add("Softmax", [OnnxAttribute.Int("axis", 1)], graph.Add("Add", logits, graph.Row(decision.Weights[(inputs * classes)..].ToArray())));
    }
}
