using System.Collections.Frozen;
using System.Globalization;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>The operators that a model brought by a merchant may use, with how many inputs and outputs each takes: arithmetic, shapes, layers, recurrent layers and classic learnt models; none that reads files, draws at random or repeats a part without end.</summary>
internal static class OperatorList
{
    private const int Many = int.MaxValue;

    /// <summary>name, least inputs, most inputs (* for any number), most outputs (* for any number).</summary>
    private const string Standard = """
        Abs 1 1 1;Acos 1 1 1;Acosh 1 1 1;Add 2 2 1;And 2 2 1;ArgMax 1 1 1;ArgMin 1 1 1;Asin 1 1 1;Asinh 1 1 1;Atan 1 1 1;Atanh 1 1 1;AveragePool 1 1 1;
        BatchNormalization 3 5 5;Cast 1 1 1;CastLike 2 2 1;Ceil 1 1 1;Celu 1 1 1;Clip 1 3 1;Compress 2 2 1;Concat 1 * 1;Constant 0 0 1;ConstantOfShape 1 1 1;Conv 2 3 1;
        Cos 1 1 1;Cosh 1 1 1;CumSum 2 2 1;DepthToSpace 1 1 1;DequantizeLinear 2 3 1;Div 2 2 1;Dropout 1 3 2;DynamicQuantizeLinear 1 1 3;Einsum 1 * 1;Elu 1 1 1;Equal 2 2 1;Erf 1 1 1;
        Exp 1 1 1;Expand 2 2 1;EyeLike 1 1 1;Flatten 1 1 1;Floor 1 1 1;GRU 3 6 2;Gather 2 2 1;GatherElements 2 2 1;GatherND 2 2 1;Gelu 1 1 1;Gemm 2 3 1;GlobalAveragePool 1 1 1;
        GlobalMaxPool 1 1 1;Greater 2 2 1;GreaterOrEqual 2 2 1;GroupNormalization 3 3 1;HardSigmoid 1 1 1;HardSwish 1 1 1;Hardmax 1 1 1;Identity 1 1 1;If 1 1 *;InstanceNormalization 3 3 1;
        IsInf 1 1 1;IsNaN 1 1 1;LRN 1 1 1;LSTM 3 8 3;LayerNormalization 2 3 3;LeakyRelu 1 1 1;Less 2 2 1;LessOrEqual 2 2 1;Log 1 1 1;LogSoftmax 1 1 1;LpNormalization 1 1 1;MatMul 2 2 1;
        MatMulInteger 2 4 1;Max 1 * 1;MaxPool 1 1 2;Mean 1 * 1;MeanVarianceNormalization 1 1 1;Min 1 * 1;Mish 1 1 1;Mod 2 2 1;Mul 2 2 1;Neg 1 1 1;NonZero 1 1 1;Not 1 1 1;OneHot 3 3 1;
        Or 2 2 1;PRelu 2 2 1;Pad 1 4 1;Pow 2 2 1;QLinearConv 8 9 1;QLinearMatMul 8 8 1;QuantizeLinear 2 3 1;RNN 3 6 2;Range 3 3 1;Reciprocal 1 1 1;ReduceL1 1 2 1;ReduceL2 1 2 1;
        ReduceLogSum 1 2 1;ReduceLogSumExp 1 2 1;ReduceMax 1 2 1;ReduceMean 1 2 1;ReduceMin 1 2 1;ReduceProd 1 2 1;ReduceSum 1 2 1;ReduceSumSquare 1 2 1;Relu 1 1 1;Reshape 2 2 1;
        Round 1 1 1;ScatterElements 3 3 1;ScatterND 3 3 1;Selu 1 1 1;Shape 1 1 1;Sigmoid 1 1 1;Sign 1 1 1;Sin 1 1 1;Sinh 1 1 1;Size 1 1 1;Slice 1 5 1;Softmax 1 1 1;Softplus 1 1 1;
        Softsign 1 1 1;SpaceToDepth 1 1 1;Split 1 2 *;Sqrt 1 1 1;Squeeze 1 2 1;Sub 2 2 1;Sum 1 * 1;Tan 1 1 1;Tanh 1 1 1;ThresholdedRelu 1 1 1;Tile 2 2 1;TopK 1 2 2;Transpose 1 1 1;
        Trilu 1 2 1;Unique 1 1 4;Unsqueeze 1 2 1;Where 3 3 1;Xor 2 2 1
        """;

    private const string Learnt = """
        ArrayFeatureExtractor 2 2 1;Binarizer 1 1 1;CategoryMapper 1 1 1;FeatureVectorizer 1 * 1;Imputer 1 1 1;LabelEncoder 1 1 1;LinearClassifier 1 1 2;LinearRegressor 1 1 1;Normalizer 1 1 1;
        OneHotEncoder 1 1 1;SVMClassifier 1 1 2;SVMRegressor 1 1 1;Scaler 1 1 1;TreeEnsemble 1 1 1;TreeEnsembleClassifier 1 1 2;TreeEnsembleRegressor 1 1 1
        """;

    private static readonly FrozenDictionary<string, Arity> All = Read(Standard, "").Concat(Read(Learnt, Domains.Learnt)).ToFrozenDictionary();

    /// <returns>Null where it is not among them.</returns>
    public static Arity? Find(string domain, string name) => All.GetValueOrDefault(Key(domain, name));

    private static IEnumerable<KeyValuePair<string, Arity>> Read(string list, string domain) =>
        list.Split(';', StringSplitOptions.TrimEntries).Select(entry => entry.Split(' ')).Select(entry => KeyValuePair.Create(Key(domain, entry[0]), new Arity(Number(entry[1]), Number(entry[2]), Number(entry[3]))));

    private static int Number(string text) => text == "*" ? Many : int.Parse(text, CultureInfo.InvariantCulture);

    private static string Key(string domain, string name) => domain + "/" + name;
}

/// <param name="LeastInputs">Fewer and it cannot work.</param>
internal sealed record Arity(int LeastInputs, int MostInputs, int MostOutputs)
{
    /// <summary>"2", "1–3" or "1+".</summary>
    public string Inputs => Words(LeastInputs, MostInputs);

    private static string Words(int least, int most) => FormattableString.Invariant($"{least}") + (most == least ? "" : most == int.MaxValue ? "+" : FormattableString.Invariant($"–{most}"));
}

/// <summary>Where operators come from.</summary>
internal static class Domains
{
    public const string Learnt = "ai.onnx.ml";

    /// <summary>The standard domain has two names.</summary>
    public static string Of(string written) => written == "ai.onnx" ? "" : written;

    public static bool IsKnown(string domain) => domain is "" or Learnt;
}
