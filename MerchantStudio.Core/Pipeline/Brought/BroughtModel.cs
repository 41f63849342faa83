using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning.Onnx.Brought;

namespace MerchantStudio.Core.Pipeline.Brought;

/// <summary>A model that the merchant brought, as the model store keeps it: the file itself, what its columns are given, and the calibration fitted on the shop's own rows.</summary>
internal sealed record BroughtModel(byte[] File, BroughtGraph Graph, BroughtMapping Mapping, ChanceScale Scale)
{
    /// <summary>The family of its versions.</summary>
    public const string Family = "onnx";

    private const string Signature = "MSBROUGHT1";

    public void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Signature);
        writer.Write(Mapping.Output);
        writer.Write(Mapping.Missing is not null);
        writer.Write(Mapping.Missing ?? 0);
        writer.Write(Mapping.Features.Length);
        foreach (var feature in Mapping.Features) writer.Write(feature!);
        Scale.Write(writer);
        writer.Write(File.Length);
        writer.Write(File);
    }

    /// <exception cref="InvalidDataException">The stream does not hold such a model, or one that would be refused today.</exception>
    public static BroughtModel Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadString() != Signature) throw new InvalidDataException("Not a model that was brought.");
        var output = reader.ReadString();
        var hasMissing = reader.ReadBoolean();
        var missing = reader.ReadSingle();
        var features = new string?[reader.ReadInt32()];
        for (var i = 0; i < features.Length; i++) features[i] = reader.ReadString();
        var scale = ChanceScale.Read(reader);
        var file = reader.ReadBytes(reader.ReadInt32());
        if (!OnnxScan.Read(file).TryGet(out var graph, out var problem)) throw new InvalidDataException(problem.Message);
        return new BroughtModel(file, graph, new BroughtMapping([.. features], output, hasMissing ? missing : null), scale);
    }
}

/// <summary>A file that passed the scan, before it has been tried.</summary>
/// <param name="Suggested">What its own names say about its columns.</param>
/// <param name="Features">Keys that its columns can be given, in their order.</param>
/// <param name="Horizons">Days of the forecasts that have a model in use, which it can be set against.</param>
public sealed record BroughtFile(string Name, ReadOnlyMemory<byte> Content, BroughtGraph Graph, BroughtMapping Suggested, ImmutableArray<string> Features, ImmutableArray<int> Horizons);

/// <summary>How a brought model did on the shop's own shoppers, beside the model in use on the very same rows.</summary>
/// <param name="Shoppers">Scored as of now.</param>
/// <param name="Seconds">That took.</param>
/// <param name="Mean">Of the chances of the shoppers scored as of now, calibrated.</param>
/// <param name="Figures">Its own: on the test window, and on the validation window that its calibration was fitted on.</param>
/// <param name="Champion">The model in use, on the test window.</param>
/// <param name="ChampionNumber">The version in use.</param>
/// <param name="Calibration">"platt" or "isotonic".</param>
public sealed record BroughtTrial(
    int HorizonDays, int Shoppers, double Seconds, double Mean, ModelFigures Figures, Learning.Evaluation.BinaryReport Champion, int ChampionNumber, string ChampionFamily,
    IntentWindowReport Validation, IntentWindowReport Test, string Calibration)
{
    internal BroughtModel Model { get; init; } = null!;

    internal string FileName { get; init; } = "";

    internal string DataHash { get; init; } = "";

    internal int Seed { get; init; }
}
