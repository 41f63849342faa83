using System.Buffers;
using System.Globalization;
using System.Text;

namespace MerchantStudio.Core.Exports;

/// <summary>The one writer of CSV files: UTF-8 with BOM, RFC 4180 quotes and line ends, cells that no spreadsheet takes for a formula, times ISO 8601 in the store's zone.</summary>
/// <param name="target">Stays open; only asynchronous writes are made to it.</param>
/// <param name="zone">The store's time zone.</param>
public sealed class CsvExport(Stream target, TimeZoneInfo zone)
{
    private const int FlushAt = 64 * 1024;
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt * 2);
    private bool _begun;
    private bool _inRow;

    /// <summary>Writes a whole row of texts: the header, or any row without numbers and times.</summary>
    public async ValueTask RowAsync(IEnumerable<string?> cells, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cells);
        foreach (var cell in cells) Text(cell);
        await EndRowAsync(cancellationToken).ConfigureAwait(false);
    }

    public CsvExport Text(string? value)
    {
        Separate();
        if (string.IsNullOrEmpty(value)) return this;
        var safe = IsFormula(value) ? "'" + value : value;
        Write(safe.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe);
        return this;
    }

    public CsvExport Number(long? value) => Raw(value?.ToString(CultureInfo.InvariantCulture));

    /// <param name="decimals">Digits after the point, as shown on the screen.</param>
    public CsvExport Number(decimal? value, int decimals) =>
        Raw(value is { } number ? decimal.Round(number, decimals, MidpointRounding.AwayFromZero).ToString("F" + decimals, CultureInfo.InvariantCulture) : null);

    /// <param name="decimals">Digits after the point, as shown on the screen; not a number is left empty.</param>
    public CsvExport Number(double? value, int decimals) =>
        Raw(value is { } number && double.IsFinite(number) ? number.ToString("F" + decimals, CultureInfo.InvariantCulture) : null);

    public CsvExport Instant(DateTimeOffset? value) =>
        Raw(value is { } instant ? TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) : null);

    public CsvExport Day(DateOnly? value) => Raw(value?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public async ValueTask EndRowAsync(CancellationToken cancellationToken)
    {
        Begin();
        _buffer.Write("\r\n"u8);
        _inRow = false;
        if (_buffer.WrittenCount >= FlushAt) await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends what is buffered; call once at the end.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Begin();
        await target.WriteAsync(_buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        _buffer.ResetWrittenCount();
        await target.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a spreadsheet would calculate this cell: it begins like a formula (full-width twins included) and is not a plain number.</summary>
    internal static bool IsFormula(string value) =>
        value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠'
        && !(value[0] is '-' or '+' && double.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _));

    private CsvExport Raw(string? value)
    {
        Separate();
        if (value is not null) Write(value);
        return this;
    }

    private void Separate()
    {
        Begin();
        if (_inRow) _buffer.Write(","u8);
        _inRow = true;
    }

    private void Begin()
    {
        if (_begun) return;
        _begun = true;
        _buffer.Write(Encoding.UTF8.Preamble);
    }

    private void Write(string value) => Encoding.UTF8.GetBytes(value, _buffer);
}
