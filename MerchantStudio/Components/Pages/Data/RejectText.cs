using System.Globalization;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Data;

/// <summary>A reject's reason in the reader's language.</summary>
internal static class RejectText
{
    public static string Of(Texts texts, RejectReason reason) => Of(texts, reason.Code, reason.Column, reason.ExampleValue);

    public static string Of(Texts texts, string code, string column, string value)
    {
        var sentence = Texts.Find($"Import.reject-{code}") is null ? code : texts[$"Import.reject-{code}", Shorten(value)];
        return column.Length == 0 ? Capital(sentence) : texts["Import.in-column", column, sentence];
    }

    private static string Capital(string sentence) => sentence.Length == 0 ? sentence : char.ToUpper(sentence[0], CultureInfo.CurrentCulture) + sentence[1..];

    private static string Shorten(string value) => value.Length <= 60 ? value : value[..59] + "…";
}
