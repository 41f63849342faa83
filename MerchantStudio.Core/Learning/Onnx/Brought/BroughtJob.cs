using System.Runtime.InteropServices;
using System.Text;
using MerchantStudio.Core.Native.OnnxRuntime;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>What a worker is to run, as a file of its folder.</summary>
/// <param name="Inputs">With values of float for all rows; the worker turns them into the type that is asked for.</param>
/// <param name="OneRow">Whether the model takes one row at a time.</param>
internal sealed record BroughtJob(int Rows, string Output, bool OneRow, IReadOnlyList<(BroughtInput Input, float[] Values)> Inputs)
{
    public const string ModelFile = "model.onnx";
    public const string JobFile = "job";
    public const string AnswerFile = "answer";
    private const int RowsTogether = 4_096;

    public static BroughtJob Of(BroughtGraph graph, BroughtMapping mapping, FeatureMatrix x)
    {
        var inputs = new List<(BroughtInput, float[])>();
        var next = 0;
        foreach (var input in graph.Inputs)
        {
            var values = new float[x.Rows * input.Columns];
            for (var column = 0; column < input.Columns; column++)
            {
                var key = mapping.Features[next++];
                var at = Enumerable.Range(0, x.Columns.Length).FirstOrDefault(at => x.Columns[at].Name == key, -1);
                if (at < 0) throw new ArgumentException($"There is no feature '{key}'.", nameof(x));
                var from = x.Column(at);
                for (var row = 0; row < x.Rows; row++) values[(row * input.Columns) + column] = float.IsNaN(from[row]) && mapping.Missing is { } missing ? missing : from[row];
            }

            inputs.Add((input, values));
        }

        return new BroughtJob(x.Rows, mapping.Output, graph.OneRow, inputs);
    }

    /// <summary>Runs the model on all rows.</summary>
    /// <returns>The result row by row.</returns>
    public float[] Run(InferenceSession session, Action<int> progress)
    {
        var together = OneRow ? 1 : RowsTogether;
        var answers = new List<float>(Rows);
        for (var from = 0; from < Rows; from += together)
        {
            var rows = Math.Min(together, Rows - from);
            answers.AddRange(session.Run([.. Inputs.Select(input => new OrtInput(input.Input.Name, Slice(input.Input, input.Values, from, rows), rows, input.Input.Flat))], Output));
            progress(from);
        }

        return [.. answers];
    }

    public void Write(string folder)
    {
        using var writer = new BinaryWriter(File.Create(Path.Combine(folder, JobFile)), Encoding.UTF8);
        writer.Write(Rows);
        writer.Write(Output);
        writer.Write(OneRow);
        writer.Write(Inputs.Count);
        foreach (var (input, values) in Inputs)
        {
            writer.Write(input.Name);
            writer.Write(input.Type);
            writer.Write(input.Columns);
            writer.Write(input.Flat);
            writer.Write(input.OneRow);
            writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        }
    }

    public static BroughtJob Read(string folder)
    {
        using var reader = new BinaryReader(File.OpenRead(Path.Combine(folder, JobFile)), Encoding.UTF8);
        var (rows, output, oneRow) = (reader.ReadInt32(), reader.ReadString(), reader.ReadBoolean());
        var inputs = new (BroughtInput, float[])[reader.ReadInt32()];
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = new BroughtInput(reader.ReadString(), reader.ReadString(), reader.ReadInt32(), reader.ReadBoolean(), reader.ReadBoolean());
            var values = new float[rows * input.Columns];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            inputs[i] = (input, values);
        }

        return new BroughtJob(rows, output, oneRow, inputs);
    }

    private static Array Slice(BroughtInput input, float[] values, int from, int rows)
    {
        var some = values[(from * input.Columns)..((from + rows) * input.Columns)];
        return input.Type switch
        {
            "float" => some,
            "double" => Array.ConvertAll(some, value => (double)value),
            "int32" => Array.ConvertAll(some, value => (int)Math.Clamp(value, int.MinValue, int.MaxValue)),
            _ => Array.ConvertAll(some, value => (long)Math.Clamp(value, long.MinValue, long.MaxValue)),
        };
    }
}
