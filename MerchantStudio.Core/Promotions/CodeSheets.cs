using System.Globalization;
using System.Net;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions;

/// <summary>Codes as a sheet to print and cut: each as text and as a QR code.</summary>
public sealed class CodeSheets(CouponCodes codes)
{
    /// <summary>A sheet with more would be slow to open; a batch beyond it is exported as a file.</summary>
    public const int MostCodes = 1_000;

    private const int MostAddressLetters = 500;

    /// <param name="address">What the QR codes say, with "[code]" in the place of the code; empty for the code alone.</param>
    /// <param name="offerText">The offer of a rule in the page's language.</param>
    /// <returns>An HTML document that needs nothing else.</returns>
    public async Task<Outcome<string>> WriteAsync(WorkspaceScope scope, CodeQuestion question, string address, Func<Guid, string> offerText, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(offerText);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var says = address?.Trim() ?? "";
        if (says.Length > 0 && (!says.Contains("[code]", StringComparison.Ordinal) || says.Length > MostAddressLetters || !Uri.TryCreate(says.Replace("[code]", "X", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))) return new CodeAddressUnfit();
        if (!(await codes.ListAsync(scope, question with { Limit = MostCodes }, cancellationToken).ConfigureAwait(false)).TryGet(out var list, out var problem)) return problem;
        var text = new StringBuilder("""
            <!doctype html><html><head><meta charset="utf-8"><title>Codes</title><style>
            body { font-family: sans-serif; margin: 10mm; display: grid; grid-template-columns: repeat(auto-fill, 42mm); gap: 6mm; }
            figure { margin: 0; padding: 3mm; border: 1px dashed #999; text-align: center; break-inside: avoid; }
            svg { width: 34mm; height: 34mm; } b { display: block; font-family: monospace; font-size: 9pt; } span { font-size: 8pt; }
            </style></head><body>
            """);
        foreach (var row in list.Rows)
        {
            var content = says.Length == 0 ? row.Code : says.Replace("[code]", Uri.EscapeDataString(row.Code), StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"<figure>{QrPicture.Of(content).Svg}<b>{WebUtility.HtmlEncode(row.Code)}</b><span>{WebUtility.HtmlEncode(offerText(row.RuleId))}</span></figure>");
        }

        return text.Append("</body></html>").ToString();
    }
}

public sealed record CodeAddressUnfit() : Problem("codes.unfit-address", "The address must begin with https:// or http:// and hold [code] where the code belongs. Correct it, or leave it empty for the code alone.");
