namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>A ValueInfoProto: the name, type and shape of an input, an output or what lies between.</summary>
/// <param name="Type">onnx.proto's number; 0 where it is no tensor.</param>
/// <param name="Dimensions">-1 where a size is left open.</param>
internal sealed record ValueShape(string Name, int Type, IReadOnlyList<long> Dimensions)
{
    private const long Open = -1;

    /// <summary>"float", "double", "int32" or "int64"; null for any other type.</summary>
    public string? NumberType => Type switch { 1 => "float", 6 => "int32", 7 => "int64", 11 => "double", _ => null };

    /// <summary>Of an input; null where it has not one or two dimensions or leaves the columns open.</summary>
    public long? Columns => Dimensions.Count switch { 1 => 1, 2 when Dimensions[1] > 0 => Dimensions[1], _ => null };

    /// <summary>Null where the number of rows is left open.</summary>
    public long? FixedRows => Dimensions is [>= 0 and var rows, ..] ? rows : null;

    /// <summary>Whether it can be one number a row, or two.</summary>
    public bool IsAnswer => Dimensions.Count is 0 or 1 || (Dimensions.Count == 2 && Dimensions[1] is Open or 1 or 2);

    public int? AnswerColumns => Dimensions.Count switch { 1 => 1, 2 when Dimensions[1] > 0 => (int)Dimensions[1], _ => null };

    public override string ToString() => "[" + string.Join(", ", Dimensions.Select(size => size < 0 ? "?" : FormattableString.Invariant($"{size}"))) + "]";

    public static ValueShape Read(ReadOnlySpan<byte> value)
    {
        var (name, type) = ("", 0);
        var dimensions = new List<long>();
        for (var reader = new ProtoReader(value); reader.Next();)
        {
            if (reader.Field == 1) name = reader.Text;
            else if (reader.Field == 2) type = ReadType(reader.Content, dimensions);
        }

        return new ValueShape(name, type, dimensions);
    }

    private static int ReadType(ReadOnlySpan<byte> kind, List<long> dimensions)
    {
        var type = 0;
        for (var reader = new ProtoReader(kind); reader.Next();)
        {
            if (reader.Field != 1) continue;   // a tensor; sequences, maps and the like have no number type
            for (var tensor = new ProtoReader(reader.Content); tensor.Next();)
            {
                if (tensor.Field == 1) type = (int)tensor.Int;
                if (tensor.Field != 2) continue;
                for (var shape = new ProtoReader(tensor.Content); shape.Next();)
                {
                    if (shape.Field == 1) dimensions.Add(ReadSize(shape.Content));
                }
            }
        }

        return type;
    }

    private static long ReadSize(ReadOnlySpan<byte> dimension)
    {
        var size = Open;
        for (var reader = new ProtoReader(dimension); reader.Next();)
        {
            if (reader.Field == 1) size = reader.Int < 0 ? Open : reader.Int;
        }

        return size;
    }
}
