using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>A trained multilayer perceptron that tells a class, a number or a count.</summary>
public sealed unsafe class TablePerceptron
{
    private const string Signature = "MSPERCEPTRON1";
    private const int ScoredTogether = 256;

    private readonly TableNetwork _network;
    private readonly AnswerScale _scale;
    private readonly int _epoch;

    internal TablePerceptron(TableNetwork network, AnswerScale scale, int epoch) => (_network, _scale, _epoch) = (network, scale, epoch);

    /// <summary>Answers a row: the number of classes, else 1.</summary>
    public int Outputs => _scale.Outputs;

    public string Settings => string.Create(CultureInfo.InvariantCulture, $"{string.Join('-', _network.Hidden)} units, dropout {_network.Dropout:0.##}, epoch {_epoch}");

    /// <returns>Row after row, <see cref="Outputs"/> answers each: probabilities of the classes, the number, or the expected count; a problem when the columns are not those of training.</returns>
    public Outcome<float[]> Predict(FeatureMatrix x)
    {
        if (!ColumnAlignment.Align(_network.Encoding.Columns, x).TryGet(out var aligned, out var other)) return other;
        var answers = new float[aligned.Rows * Outputs];
        var pass = new Pass(_network.Parameters, KernelSet.Best);
        for (var from = 0; from < aligned.Rows; from += ScoredTogether)
        {
            var rows = Math.Min(ScoredTogether, aligned.Rows - from);
            pass.Begin(training: false, 0);
            var input = _network.NewInput(pass, rows);
            for (var row = 0; row < rows; row++) _network.Encoding.Encode(aligned, from + row, input.Span.Slice(row * input.Columns, input.Columns));
            _network.Forward(pass, input).Span.CopyTo(answers.AsSpan(from * Outputs));
            pass.Forget();
        }

        for (var at = 0; at < answers.Length; at += Outputs) _scale.Answer(answers.AsSpan(at, Outputs));
        return answers;
    }

    /// <summary>Writes the model so that <see cref="Load"/> reads it back; the same model always gives the same bytes.</summary>
    public void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Signature);
        _scale.Write(writer);
        _network.Encoding.Write(writer);
        writer.Write(_network.Hidden.Length);
        foreach (var units in _network.Hidden) writer.Write(units);
        writer.Write(_network.Dropout);
        writer.Write(_epoch);
        writer.Write(MemoryMarshal.AsBytes(_network.Parameters.Span));
    }

    /// <exception cref="InvalidDataException">The stream does not hold a perceptron of this version.</exception>
    public static TablePerceptron Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (reader.ReadString() != Signature) throw new InvalidDataException("Not a file of a perceptron.");
            var scale = AnswerScale.Read(reader);
            var encoding = TableEncoding.Read(reader);
            var hidden = new int[reader.ReadInt32()];
            for (var i = 0; i < hidden.Length; i++) hidden[i] = reader.ReadInt32();
            var network = new TableNetwork(encoding, [.. hidden], reader.ReadSingle(), scale.Outputs);
            var epoch = reader.ReadInt32();
            network.Parameters.Begin(0);
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(network.Parameters.Span));
            return new TablePerceptron(network, scale, epoch);
        }
        catch (EndOfStreamException cut)
        {
            throw new InvalidDataException("The file of the perceptron ends too early.", cut);
        }
    }
}
