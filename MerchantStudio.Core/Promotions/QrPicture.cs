using System.Globalization;
using System.Text;
using QRCoder;

namespace MerchantStudio.Core.Promotions;

/// <summary>A QR code as one path of squares.</summary>
/// <param name="Size">Squares along a side, with the quiet zone of four that readers need.</param>
/// <param name="Path">Of an SVG whose view box is 0 0 Size Size.</param>
public sealed record QrPicture(int Size, string Path)
{
    /// <summary>Holds what it says even where 15 % of it is covered.</summary>
    public static QrPicture Of(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < code.ModuleMatrix.Count; y++)
        {
            var row = code.ModuleMatrix[y];
            for (var x = 0; x < row.Length; x++)
            {
                if (!row[x]) continue;
                var from = x;
                while (x < row.Length && row[x]) x++;
                path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1H{from}z");
            }
        }

        return new QrPicture(code.ModuleMatrix.Count, path.ToString());
    }

    /// <summary>A picture by itself, black on white.</summary>
    public string Svg => $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Size} {Size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{Size}v{Size}H0z"/><path d="{Path}"/></svg>""";
}
