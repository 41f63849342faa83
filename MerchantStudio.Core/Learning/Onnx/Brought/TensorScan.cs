using System.Globalization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>Looks at one TensorProto: its weights must be inside the file, and as many as its shape says.</summary>
internal static class TensorScan
{
    private const int External = 1;
    private const int Text = 8;

    /// <summary>Bytes of a value by onnx.proto's types; 0 where values are packed or have any length.</summary>
    private static readonly int[] Sizes = [0, 4, 1, 1, 2, 2, 4, 8, 0, 1, 2, 8, 4, 8, 8, 16, 2, 1, 1, 1, 1, 0, 0, 0];

    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static Problem? Check(ReadOnlySpan<byte> tensor, string where)
    {
        var dimensions = new List<long>();
        var (type, held, raw, name) = (0L, 0L, -1L, where);
        string? location = null;
        var isExternal = false;
        for (var reader = new ProtoReader(tensor); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: reader.AddTo(dimensions); break;
                case 2: type = reader.Int; break;
                case 3: return BroughtProblems.Twice(name);   // a part of a tensor
                case 4: held += reader.Count(sizeof(float)); break;
                case 5 or 7 or 11: held += reader.Count(0); break;
                case 6: held++; break;
                case 8: name = reader.Text is { Length: > 0 } own ? own : where; break;
                case 9: raw = reader.Content.Length; break;
                case 10: held += reader.Count(sizeof(double)); break;
                case 13:
                    isExternal = true;
                    location ??= Location(reader.Content);
                    break;
                case 14: isExternal |= reader.Int == External; break;
            }
        }

        if (isExternal) return BroughtProblems.ExternalData(name, location ?? "?");
        var shape = Shape(dimensions);
        if (Product(dimensions) is not { } wanted || type <= 0 || type >= Sizes.Length) return BroughtProblems.TensorShape(name, shape, held);
        if (Sizes[type] == 0 && type != Text) return null;   // 4-bit numbers share bytes; the runtime counts them
        if (raw >= 0) held = type == Text ? -1 : raw / Sizes[type];
        else if (type is 14 or 15) held /= 2;   // complex numbers are kept as two
        return held == wanted ? null : BroughtProblems.TensorShape(name, shape, held);
    }

    /// <returns>Null where it is no size or beyond all measure.</returns>
    public static long? Product(List<long> dimensions)
    {
        var product = 1L;
        foreach (var size in dimensions)
        {
            if (size < 0 || (size > 0 && product > long.MaxValue / size)) return null;
            product *= size;
        }

        return product;
    }

    public static string Shape(IEnumerable<long> dimensions) => "[" + string.Join(", ", dimensions.Select(size => size.ToString(CultureInfo.InvariantCulture))) + "]";

    /// <summary>The entry "location" of external_data.</summary>
    private static string? Location(ReadOnlySpan<byte> entry)
    {
        var (key, value) = ("", "");
        for (var reader = new ProtoReader(entry); reader.Next();)
        {
            if (reader.Field == 1) key = reader.Text;
            else if (reader.Field == 2) value = reader.Text;
        }

        return key == "location" ? value : null;
    }
}
