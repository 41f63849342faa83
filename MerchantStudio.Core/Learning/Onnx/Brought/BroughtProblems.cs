using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>Why a model file is not taken. Each says what is wrong, where, and what to do.</summary>
internal static class BroughtProblems
{
    private const int LongestName = 120;

    public static Problem TooLarge(long megabytes) =>
        new("model-file.too-large", "The file is larger than {0} MB. Bring a smaller model, or one with its weights as 8-bit numbers.", megabytes);

    public static Problem NotOnnx(string where) =>
        new("model-file.not-onnx", "This is not an ONNX file, or it is damaged (at byte {0} of a part). Export the model again as .onnx.", Cut(where));

    public static Problem NoGraph() =>
        new("model-file.no-graph", "The file holds no model: its graph has no operators. Export the model again as .onnx.");

    public static Problem ExternalData(string tensor, string location) =>
        new("model-file.external-data", "The weights of “{0}” lie in another file ({1}). Files beside the model are never read. Save the model with all weights inside one .onnx file.", Cut(tensor), Cut(location));

    public static Problem Sparse(string where) =>
        new("model-file.sparse", "“{0}” holds a sparse tensor, which is not supported. Save the weights as ordinary tensors.", Cut(where));

    public static Problem TensorShape(string tensor, string declared, long held) =>
        new("model-file.tensor-shape", "The tensor “{0}” says that it has the shape {1}, but the file holds {2} values of it. Export the model again.", Cut(tensor), Cut(declared), held);

    public static Problem ValueTooLarge(string value, string shape, long most) =>
        new("model-file.value-too-large", "“{0}” has the shape {1}; a value may hold at most {2} numbers. Leave the number of rows open and use fewer columns.", Cut(value), Cut(shape), most);

    public static Problem Domain(string node, string @operator, string domain) =>
        new("model-file.domain", "{0} uses the operator “{1}” of “{2}”, which is not part of ONNX. Export the model with operators of ai.onnx and ai.onnx.ml alone.", Cut(node), @operator, Cut(domain));

    public static Problem Operator(string node, string @operator) =>
        new("model-file.operator", "{0} uses the operator “{1}”, which models may not use here. Export the model without it: it must be a plain way from features to a chance.", Cut(node), @operator);

    public static Problem Loop(string node, string @operator) =>
        new("model-file.loop", "{0} repeats a part of the model (“{1}”), which could go on without end. Export the model with its loops written out, or as GRU and LSTM.", Cut(node), @operator);

    public static Problem ZipMap(string node) =>
        new("model-file.zip-map", "{0} turns the chances into a list of dictionaries (“ZipMap”). Export the model again with the option zipmap=False.", Cut(node));

    public static Problem Arity(string node, string @operator, int given, string wanted) =>
        new("model-file.arity", "{0} gives the operator “{1}” {2} inputs; it takes {3}. The file is damaged or was written wrongly: export the model again.", Cut(node), @operator, given, Cut(wanted));

    public static Problem Outputs(string node, string @operator, int given, int most) =>
        new("model-file.outputs", "{0} wants {2} results of the operator “{1}”; it has {3} at most. The file is damaged or was written wrongly: export the model again.", Cut(node), @operator, given, most);

    public static Problem TooDeep(string where, int most) =>
        new("model-file.too-deep", "Parts of the model lie within each other more than {1} deep, at “{0}”. Export the model with its functions written out.", Cut(where), most);

    public static Problem TooManyNodes(long most) =>
        new("model-file.too-many-nodes", "With its functions written out, the model has more than {0} operators. Bring a smaller one.", most);

    public static Problem Training() =>
        new("model-file.training", "The file also says how to train the model. Export it for use alone (inference).");

    public static Problem Twice(string what) =>
        new("model-file.twice", "The file says twice what may stand there once ({0}), so programs could read it in different ways. Export the model again.", Cut(what));

    public static Problem InputType(string input) =>
        new("model-file.input-type", "The input “{0}” does not take numbers. Inputs must be float, double, int32 or int64: features are numbers.", Cut(input));

    public static Problem InputShape(string input, string shape) =>
        new("model-file.input-shape", "The input “{0}” has the shape {1}. It must be rows by columns with a fixed number of columns, or rows alone; leave the number of rows open.", Cut(input), Cut(shape));

    public static Problem TooManyColumns(long columns, int most) =>
        new("model-file.too-many-columns", "The model asks for {0} columns, more than the {1} allowed. Bring one that uses the features of this shop.", columns, most);

    public static Problem NoInputs() =>
        new("model-file.no-inputs", "The model asks for nothing, so its answer cannot depend on a shopper. Export it with its inputs.");

    public static Problem NoOutput() =>
        new("model-file.no-output", "The model gives no numbers of type float or double, one or two a row. Export it so that the chance to buy is a result.");

    public static Problem Refused(string message) =>
        new("model-file.refused", "ONNX Runtime cannot run this model: {0}. Check that it runs elsewhere, then export it again.", Cut(message));

    public static Problem Crashed(int exitCode) =>
        new("model-file.crashed", "Running this model ended the program that runs it (code {0}), so the file is most likely damaged. The studio goes on. Export the model again.", exitCode);

    public static Problem TooMuchMemory(long megabytes) =>
        new("model-file.memory", "Running this model takes more than {0} MB of memory. Bring a smaller one.", megabytes);

    public static Problem TooSlow(double seconds) =>
        new("model-file.time", "Running this model took longer than {0} seconds and was ended. Bring a smaller one.", seconds);

    public static Problem RowCount(long given, long rows) =>
        new("model-file.row-count", "The model gave {0} numbers for {1} shoppers. Its result must be one chance a row, or the chances of no and yes.", given, rows);

    public static Problem NotANumber(int shoppers, int all) =>
        new("model-file.not-a-number", "For {0} of {1} shoppers the model’s answer is not a number. Say what missing features are given as, or export it with its own handling of missing values.", shoppers, all);

    public static Problem NotAChance(double least, double most) =>
        new("model-file.not-a-chance", "The model’s answers lie from {0} to {1}; a chance lies from 0 to 1. Export it with a last step that makes probabilities (a sigmoid).", least, most);

    public static Problem AlwaysTheSame(double answer) =>
        new("model-file.always-same", "The model answers {0} for every shopper, so it tells nothing. Check which feature each input gets.", answer);

    public static Problem NotOffered() =>
        new("model-file.not-offered", "ONNX Runtime is not offered for this machine, so models cannot be brought here. Run the studio on Linux, Windows or a Mac with Apple silicon.");

    public static Problem MissingNeeded(string input) =>
        new("model-file.missing-needed", "The input “{0}” takes whole numbers, and whole numbers cannot say that a feature is missing. Choose the number that missing features are given as.", Cut(input));

    public static Problem Unmapped(int column) =>
        new("model-file.unmapped", "Column {0} of the model has no feature yet. Choose one for each column.", column);

    /// <summary>Names come from a foreign file and may have any length.</summary>
    private static string Cut(string text) => text.Length <= LongestName ? text : text[..LongestName] + "…";
}
