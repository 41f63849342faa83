namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>A setting of an operator.</summary>
public sealed class OnnxAttribute
{
    private const int NameField = 1;
    private const int TypeField = 20;

    private OnnxAttribute(string name, int type, Action<ProtoWriter> value) => Write = attribute =>
    {
        attribute.Text(NameField, name);
        attribute.Int(TypeField, type);
        value(attribute);
    };

    /// <summary>Writes an AttributeProto.</summary>
    internal Action<ProtoWriter> Write { get; }

    public static OnnxAttribute Int(string name, long value) => new(name, 2, attribute => attribute.Int(3, value));

    public static OnnxAttribute Float(string name, float value) => new(name, 1, attribute => attribute.Float(2, value));

    public static OnnxAttribute Text(string name, string value) => new(name, 3, attribute => attribute.Text(4, value));

    public static OnnxAttribute Floats(string name, IReadOnlyCollection<float> values) => new(name, 6, attribute =>
    {
        foreach (var value in values) attribute.Float(7, value);
    });

    public static OnnxAttribute Ints(string name, IReadOnlyCollection<long> values) => new(name, 7, attribute =>
    {
        foreach (var value in values) attribute.Int(8, value);
    });

    public static OnnxAttribute Texts(string name, IReadOnlyCollection<string> values) => new(name, 8, attribute =>
    {
        foreach (var value in values) attribute.Text(9, value);
    });
}
