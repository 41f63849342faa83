using System.Collections.Immutable;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>
/// Reads a foreign ONNX file with our own reader and refuses what could read files, run without end or take what it likes, before any runtime sees it: weights in
/// other files, operators and domains that are not on <see cref="OperatorList"/>, loops, deep nesting, shapes that do not fit their values.
/// </summary>
/// <remarks>Field numbers are those of onnx.proto.</remarks>
public sealed class OnnxScan
{
    public const long MostBytes = 100 << 20;
    public const int MostColumns = 10_000;
    private const int MostDepth = 8;
    private const long MostNodes = 200_000;
    private const long MostNumbers = 1 << 28;

    private readonly FunctionScan _functions = new(MostDepth, MostNodes);
    private readonly List<ValueShape> _inputs = [];
    private readonly List<ValueShape> _outputs = [];
    private readonly HashSet<string> _weights = [];
    private Problem? _refusal;
    private long _nodes;
    private string _producer = "";

    private OnnxScan()
    {
    }

    /// <summary>What is said of a file of more than <see cref="MostBytes"/>.</summary>
    public static Problem TooLarge => BroughtProblems.TooLarge(MostBytes >> 20);

    /// <summary>The graph's inputs and outputs, or the first thing that speaks against the file.</summary>
    public static Outcome<BroughtGraph> Read(ReadOnlySpan<byte> file)
    {
        if (file.Length > MostBytes) return TooLarge;
        try
        {
            return new OnnxScan().ReadModel(file);
        }
        catch (InvalidDataException broken)
        {
            return BroughtProblems.NotOnnx(broken.Message);
        }
    }

    private Outcome<BroughtGraph> ReadModel(ReadOnlySpan<byte> file)
    {
        for (var model = new ProtoReader(file); model.Next();)
        {
            if (model.Field == 25) _functions.Declare(model.Content);
        }

        var facts = ImmutableDictionary.CreateBuilder<string, string>();
        var graphs = 0;
        for (var model = new ProtoReader(file); model.Next() && _refusal is null;)
        {
            switch (model.Field)
            {
                case 2: _producer = model.Text; break;
                case 7:
                    if (++graphs > 1) _refusal = BroughtProblems.Twice("graph");
                    else ReadGraph(model.Content, "graph", 0, _functions.Main);
                    break;
                case 14: Pair(model.Content, facts); break;
                case 20: _refusal = BroughtProblems.Training(); break;
                case 25: ReadFunction(model.Content); break;
            }
        }

        if (_refusal is not null) return _refusal;
        if (_nodes == 0) return BroughtProblems.NoGraph();
        if (_functions.Check(out _nodes) is { } tooMuch) return tooMuch;
        return Describe(facts.ToImmutable());
    }

    private void ReadFunction(ReadOnlySpan<byte> function)
    {
        var body = _functions.Body(function);
        if (body.IsStandard) _refusal = BroughtProblems.Twice(body.Name);   // it would stand in the place of a known operator
        for (var reader = new ProtoReader(function); reader.Next() && _refusal is null;)
        {
            if (reader.Field == 7) ReadNode(reader.Content, body.Name, 1, body);
        }
    }

    private void ReadGraph(ReadOnlySpan<byte> graph, string where, int depth, FunctionBody body)
    {
        if (depth > MostDepth)
        {
            _refusal = BroughtProblems.TooDeep(where, MostDepth);
            return;
        }

        for (var reader = new ProtoReader(graph); reader.Next() && _refusal is null;)
        {
            switch (reader.Field)
            {
                case 1: ReadNode(reader.Content, where, depth, body); break;
                case 5:
                    _refusal = TensorScan.Check(reader.Content, where);
                    if (depth == 0) _weights.Add(NameOf(reader.Content, 8));
                    break;
                case 11: Value(reader.Content, depth == 0 ? _inputs : null); break;
                case 12: Value(reader.Content, depth == 0 ? _outputs : null); break;
                case 13: Value(reader.Content, null); break;
                case 15: _refusal = BroughtProblems.Sparse(where); break;
            }
        }
    }

    private void ReadNode(ReadOnlySpan<byte> node, string where, int depth, FunctionBody body)
    {
        var (inputs, outputs, name, @operator, domain) = (0, 0, "", "", "");
        for (var reader = new ProtoReader(node); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: inputs++; break;
                case 2: outputs++; break;
                case 3: name = reader.Text; break;
                case 4: @operator = reader.Text; break;
                case 7: domain = Domains.Of(reader.Text); break;
            }
        }

        _nodes++;
        name = Called(name, where);
        _refusal = CheckNode(name, @operator, domain, inputs, outputs, body);
        for (var reader = new ProtoReader(node); reader.Next() && _refusal is null;)
        {
            if (reader.Field == 5) ReadAttribute(reader.Content, name, depth, body);
        }
    }

    private Problem? CheckNode(string name, string @operator, string domain, int inputs, int outputs, FunctionBody body)
    {
        if (!Domains.IsKnown(domain)) return _functions.Call(body, domain, @operator) ? null : BroughtProblems.Domain(name, @operator, domain);
        body.Nodes++;
        if (@operator is "Loop" or "Scan" or "SequenceMap") return BroughtProblems.Loop(name, @operator);
        if (@operator is "ZipMap") return BroughtProblems.ZipMap(name);
        if (OperatorList.Find(domain, @operator) is not { } arity) return BroughtProblems.Operator(name, @operator);
        if (inputs < arity.LeastInputs || inputs > arity.MostInputs) return BroughtProblems.Arity(name, @operator, inputs, arity.Inputs);
        return outputs > arity.MostOutputs ? BroughtProblems.Outputs(name, @operator, outputs, arity.MostOutputs) : null;
    }

    private void ReadAttribute(ReadOnlySpan<byte> attribute, string where, int depth, FunctionBody body)
    {
        var (tensors, graphs) = (0, 0);
        for (var reader = new ProtoReader(attribute); reader.Next() && _refusal is null;)
        {
            switch (reader.Field)
            {
                case 5 when ++tensors > 1: _refusal = BroughtProblems.Twice(where); break;
                case 6 when ++graphs > 1: _refusal = BroughtProblems.Twice(where); break;
                case 5 or 10: _refusal = TensorScan.Check(reader.Content, where); break;
                case 6 or 11: ReadGraph(reader.Content, where, depth + 1, body); break;
                case 22 or 23: _refusal = BroughtProblems.Sparse(where); break;
            }
        }
    }

    private void Value(ReadOnlySpan<byte> value, List<ValueShape>? kept)
    {
        var shape = ValueShape.Read(value);
        var known = shape.Dimensions.Where(size => size >= 0).ToList();
        if (TensorScan.Product(known) is not { } numbers || numbers > MostNumbers) _refusal = BroughtProblems.ValueTooLarge(shape.Name, shape.ToString(), MostNumbers);
        kept?.Add(shape);
    }

    private Outcome<BroughtGraph> Describe(ImmutableDictionary<string, string> facts)
    {
        var inputs = ImmutableArray.CreateBuilder<BroughtInput>();
        foreach (var input in _inputs.Where(input => !_weights.Contains(input.Name)))
        {
            if (input.NumberType is not { } type) return BroughtProblems.InputType(input.Name);
            if (input.Columns is not { } columns || input.FixedRows is not (null or 1)) return BroughtProblems.InputShape(input.Name, input.ToString());
            inputs.Add(new BroughtInput(input.Name, type, (int)columns, input.Dimensions.Count == 1, input.FixedRows == 1));
        }

        if (inputs.Count == 0) return BroughtProblems.NoInputs();
        if (inputs.Sum(input => (long)input.Columns) is > MostColumns and var asked) return BroughtProblems.TooManyColumns(asked, MostColumns);
        ImmutableArray<BroughtOutput> outputs = [.. _outputs.Where(output => output.NumberType is "float" or "double" && output.IsAnswer).Select(output => new BroughtOutput(output.Name, output.AnswerColumns))];
        return outputs.IsEmpty ? BroughtProblems.NoOutput() : new BroughtGraph(inputs.ToImmutable(), outputs, _nodes, _producer, facts);
    }

    private string Called(string name, string where) => FormattableString.Invariant($"{where}, operator {_nodes}") + (name.Length > 0 ? $" ({name})" : "");

    private static string NameOf(ReadOnlySpan<byte> message, int field)
    {
        var name = "";
        for (var reader = new ProtoReader(message); reader.Next();)
        {
            if (reader.Field == field) name = reader.Text;
        }

        return name;
    }

    private static void Pair(ReadOnlySpan<byte> entry, ImmutableDictionary<string, string>.Builder facts)
    {
        var (key, value) = ("", "");
        for (var reader = new ProtoReader(entry); reader.Next();)
        {
            if (reader.Field == 1) key = reader.Text;
            else if (reader.Field == 2) value = reader.Text;
        }

        facts[key] = value;
    }
}
