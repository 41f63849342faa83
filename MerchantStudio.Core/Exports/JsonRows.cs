using System.Text.Encodings.Web;
using System.Text.Json;

namespace MerchantStudio.Core.Exports;

/// <summary>A list of objects.</summary>
internal sealed class JsonRows : RowExport
{
    private const int FlushAt = 64 * 1024;
    private readonly IReadOnlyList<RowColumn> _columns;
    private readonly TimeZoneInfo _zone;
    private readonly Utf8JsonWriter _json;
    private int _column;

    public JsonRows(IReadOnlyList<RowColumn> columns, TimeZoneInfo zone, Stream target)
    {
        (_columns, _zone) = (columns, zone);
        _json = new Utf8JsonWriter(target, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartArray();
    }

    public override RowExport Text(string? value)
    {
        Name();
        _json.WriteStringValue(value);
        return this;
    }

    public override RowExport Number(long? value)
    {
        Name();
        if (value is { } number) _json.WriteNumberValue(number);
        else _json.WriteNullValue();
        return this;
    }

    public override RowExport Number(decimal? value, int decimals)
    {
        Name();
        if (value is { } number) _json.WriteNumberValue(decimal.Round(number, decimals, MidpointRounding.AwayFromZero));
        else _json.WriteNullValue();
        return this;
    }

    public override RowExport Number(double? value, int decimals)
    {
        Name();
        if (value is { } number && double.IsFinite(number)) _json.WriteNumberValue(Math.Round(number, decimals));
        else _json.WriteNullValue();
        return this;
    }

    public override RowExport Instant(DateTimeOffset? value)
    {
        Name();
        if (value is { } moment) _json.WriteStringValue(TimeZoneInfo.ConvertTime(moment, _zone));
        else _json.WriteNullValue();
        return this;
    }

    public override async ValueTask EndRowAsync(CancellationToken cancellationToken)
    {
        _json.WriteEndObject();
        _column = 0;
        if (_json.BytesPending >= FlushAt) await _json.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override Task CompleteAsync(CancellationToken cancellationToken)
    {
        _json.WriteEndArray();
        return _json.FlushAsync(cancellationToken);
    }

    protected override ValueTask CloseAsync()
    {
        // What is not complete is nobody's file: nothing more is written into it.
        _json.Reset(Stream.Null);
        return _json.DisposeAsync();
    }

    private void Name()
    {
        if (_column == 0) _json.WriteStartObject();
        _json.WritePropertyName(_columns[_column++].Name);
    }
}
