using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

/// <param name="Kind">Of events.</param>
/// <param name="Events">Of that kind in the visit so far; 0 where the reason is that there was none.</param>
/// <param name="Points">Percentage points that they add to the chance, or take from it, beside all else that is known of the visit.</param>
public sealed record SessionReason(string Kind, int Events, double Points);

/// <summary>A model of whether a visit ends in a purchase, with its kinds of events and its calibration: what is saved and served.</summary>
internal sealed class SessionEndModel(ImmutableArray<string> kinds, SessionReader reader, ChanceScale scale)
{
    private const string Signature = "MSSESSIONEND1";

    private readonly Dictionary<string, int> _ids = kinds.Select((kind, at) => (kind, Id: at + 1)).ToDictionary(one => one.kind, one => one.Id, StringComparer.Ordinal);

    public SessionReader Reader => reader;

    public ChanceScale Scale => scale;

    /// <summary>The chance of a visit under way.</summary>
    /// <param name="steps">Kinds by name, oldest first; those that the model does not know are passed over.</param>
    /// <returns>Null where it knows none of them.</returns>
    public IntentScore? Score(IReadOnlyList<string> steps) => Known(steps) is { Length: > 0 } known ? scale.Score(reader.Raw([known])[0]) : null;

    /// <summary>Which kinds of events move the chance most, strongest first: what the model itself says that each contributes. Empty where it knows none of them.</summary>
    public ImmutableArray<SessionReason> Reasons(IReadOnlyList<string> steps)
    {
        if (Known(steps) is not { Length: > 0 } known) return [];
        var points = scale.Points(reader.Explain(known));
        return [.. ChanceScale.Strongest(points).Select(kind => new SessionReason(kinds[kind], known.Count(id => id == kind + 1), points[kind]))];
    }

    /// <summary>Ids of the model's kinds, from 1, as its file takes them.</summary>
    /// <param name="steps">Kinds by name; one that the model does not know gets an id beyond those.</param>
    public int[] Ids(IEnumerable<string> steps) => [.. steps.Select(step => _ids.GetValueOrDefault(step, kinds.Length + 1))];

    /// <summary>The calibrated chances of some visits.</summary>
    /// <param name="visits">Each by ids, of which the model knows one or more; others are passed over.</param>
    public float[] Chances(IReadOnlyList<int[]> visits) => scale.Calibrator.Apply(reader.Raw([.. visits.Select(Known)]));

    /// <summary>Whether it knows one of these ids or more; else it says nothing.</summary>
    public bool Reads(int[] visit) => Known(visit).Length > 0;

    /// <summary>
    /// The model with its calibration as an ONNX file: its input "steps" takes the ids of a visit's events, as the metadata "kinds" lists their names from 1 on, oldest
    /// first and 0 where there is none; it gives "probability", one calibrated chance a row, NaN where the model knows none of a row's ids.
    /// </summary>
    /// <param name="eightBit">Whether a network's weights are written as 8-bit numbers.</param>
    public byte[] ToOnnx(bool eightBit = false) => reader.ToOnnx(kinds, scale.Calibrator, eightBit);

    /// <summary>The same model with its weights rounded to 8-bit numbers, as its 8-bit file computes; null for one that is no network.</summary>
    public SessionEndModel? Rounded() => reader.Rounded() is { } rounded ? new SessionEndModel(kinds, rounded, scale) : null;

    public void Save(Stream stream)
    {
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Signature);
            writer.Write(kinds.Length);
            foreach (var kind in kinds) writer.Write(kind);
            scale.Write(writer);
            writer.Write(reader.IsNetwork);
        }

        reader.Save(stream);
    }

    /// <exception cref="InvalidDataException">The stream does not hold a model of how visits end.</exception>
    public static SessionEndModel Load(Stream stream)
    {
        using var file = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (file.ReadString() != Signature) throw new InvalidDataException("Not a model of how visits end.");
        var kinds = new string[file.ReadInt32()];
        for (var kind = 0; kind < kinds.Length; kind++) kinds[kind] = file.ReadString();
        var scale = ChanceScale.Read(file);
        return new SessionEndModel([.. kinds], SessionReader.Load(stream, file.ReadBoolean(), [.. kinds]), scale);
    }

    private int[] Known(IReadOnlyList<string> steps) => Known(Ids(steps));

    private int[] Known(int[] visit) => SequenceModels.Known(visit, kinds.Length);
}
