using System.Buffers.Text;

namespace MerchantStudio.Core.Ingestion.Values;

/// <summary>Reads amounts and counts as shops write them: signs, currency symbols, thousands, a decimal point or comma.</summary>
/// <param name="decimalComma">Whether "12,50" is twelve and a half.</param>
public sealed class NumberParser(bool decimalComma)
{
    /// <summary>Larger amounts are faults of the file and would not fit DECIMAL(18,4).</summary>
    private const long Largest = 90_000_000_000_000;

    /// <summary>So short a number cannot be too large.</summary>
    private const int MostPlainLetters = 13;

    /// <param name="tenThousandths">The amount times 10,000, rounded half away from zero.</param>
    public bool TryAmount(ReadOnlySpan<byte> text, out long tenThousandths)
    {
        if (TryPlain(text, out tenThousandths)) return true;
        text = Bare(text, out var negative);
        if (text.IsEmpty) return false;
        long whole = 0, fraction = 0;
        int digits = 0, places = -1;
        var roundUp = false;
        var decimalMark = DecimalMark(text, out var grouped);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter is >= (byte)'0' and <= (byte)'9')
            {
                digits++;
                if (places < 0)
                {
                    if (whole > Largest) return false;
                    whole = whole * 10 + letter - '0';
                }
                else if (places < 4)
                {
                    fraction = fraction * 10 + letter - '0';
                    places++;
                }
                else if (places++ == 4)
                {
                    roundUp = letter >= (byte)'5';
                }
            }
            else if (at == decimalMark)
            {
                places = 0;
            }
            else if (!(grouped && places < 0 && IsGroupMark(text, at)))
            {
                return TryExponent(text, negative, out tenThousandths);
            }
        }

        if (digits == 0 || whole > Largest) return false;
        for (var place = Math.Max(places, 0); place < 4; place++) fraction *= 10;
        tenThousandths = whole * 10_000 + fraction + (roundUp ? 1 : 0);
        if (negative) tenThousandths = -tenThousandths;
        return true;
    }

    /// <summary>A whole number; "6.0" is one, "6.5" is not.</summary>
    public bool TryWhole(ReadOnlySpan<byte> text, out int value)
    {
        if (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length) return true;
        value = 0;
        if (!TryAmount(text, out var scaled) || scaled % 10_000 != 0 || Math.Abs(scaled / 10_000) > int.MaxValue) return false;
        value = (int)(scaled / 10_000);
        return true;
    }

    /// <summary>Digits with a point among the last five at most: what nearly all cells are. False for any other form, however sound.</summary>
    private bool TryPlain(ReadOnlySpan<byte> text, out long tenThousandths)
    {
        tenThousandths = 0;
        if (text.IsEmpty || text.Length > MostPlainLetters) return false;
        long value = 0;
        var point = text.Length;
        for (var at = 0; at < text.Length; at++)
        {
            var digit = text[at] - '0';
            if ((uint)digit <= 9) value = (value * 10) + digit;
            else if (text[at] == (byte)'.' && point == text.Length && at > 0 && !decimalComma) point = at;
            else return false;
        }

        var places = point == text.Length ? 0 : text.Length - point - 1;
        if (places > 4) return false;
        for (; places < 4; places++) value *= 10;
        tenThousandths = value;
        return true;
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, bool negative, out long tenThousandths)
    {
        tenThousandths = 0;
        if (text.IndexOfAny((byte)'e', (byte)'E') <= 0 || !Utf8Parser.TryParse(text, out double value, out var used) || used != text.Length || Math.Abs(value) > Largest) return false;
        tenThousandths = (long)Math.Round(value * 10_000, MidpointRounding.AwayFromZero);
        if (negative) tenThousandths = -tenThousandths;
        return true;
    }

    /// <summary>Index of the decimal point or comma, or -1; of two kinds of mark the last is the decimal one.</summary>
    private int DecimalMark(ReadOnlySpan<byte> text, out bool grouped)
    {
        var point = text.LastIndexOf((byte)'.');
        var comma = text.LastIndexOf((byte)',');
        grouped = true;
        if (point >= 0 && comma >= 0) return Math.Max(point, comma);
        if (comma >= 0) return decimalComma ? comma : -1;
        if (point < 0) return -1;
        return decimalComma && IsGroupMark(text, point) && text.IndexOf((byte)'.') != point ? -1 : point;
    }

    /// <summary>A comma, point, apostrophe or space with exactly three digits up to the next mark or the end.</summary>
    private static bool IsGroupMark(ReadOnlySpan<byte> text, int at)
    {
        if (at == 0 || text[at] is not ((byte)',' or (byte)'.' or (byte)'\'' or (byte)' ') || text.Length < at + 4) return false;
        for (var digit = at + 1; digit <= at + 3; digit++)
        {
            if (text[digit] is < (byte)'0' or > (byte)'9') return false;
        }

        return text.Length == at + 4 || text[at + 4] is < (byte)'0' or > (byte)'9';
    }

    /// <summary>The digits and marks: without sign, blanks, brackets and currency symbols.</summary>
    private static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> text, out bool negative)
    {
        text = text.Trim((byte)' ');
        negative = false;
        if (text is [(byte)'(', .., (byte)')'])
        {
            negative = true;
            text = text[1..^1];
        }

        for (var before = -1; before != text.Length;)
        {
            before = text.Length;
            if (text is [(byte)'-', ..])
            {
                negative = !negative;
                text = text[1..];
            }
            else if (text is [(byte)'+' or (byte)'$' or (byte)' ', ..])
            {
                text = text[1..];
            }

            text = WithoutSymbol(text, "€"u8);
            text = WithoutSymbol(text, "£"u8);
            text = WithoutSymbol(text, "¥"u8);
            text = WithoutSymbol(text, "￥"u8);
            text = WithoutSymbol(text, "元"u8).Trim((byte)' ');
        }

        return text;
    }

    private static ReadOnlySpan<byte> WithoutSymbol(ReadOnlySpan<byte> text, ReadOnlySpan<byte> symbol)
    {
        if (text.StartsWith(symbol)) return text[symbol.Length..];
        return text.EndsWith(symbol) ? text[..^symbol.Length] : text;
    }
}
