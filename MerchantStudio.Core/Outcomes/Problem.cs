using System.Collections.Immutable;
using System.Globalization;

namespace MerchantStudio.Core.Outcomes;

/// <summary>Something expected that the merchant can put right; bugs are exceptions.</summary>
/// <param name="Code">Stable, dotted, lower case ("import.empty-file"); also the key of the translated sentence.</param>
/// <param name="Template">English sentence with {0} placeholders: what happened, where, what to do.</param>
/// <param name="Arguments">Values for the placeholders, in order; free of personal data.</param>
public record Problem(string Code, string Template, params ImmutableArray<object> Arguments)
{
    /// <summary>The English sentence.</summary>
    public string Message => Arguments.IsDefaultOrEmpty
        ? Template
        : string.Format(CultureInfo.InvariantCulture, Template, [.. Arguments]);

    public sealed override string ToString() => $"{Code}: {Message}";
}
