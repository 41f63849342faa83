namespace MerchantStudio.Core.Reviews.Text;

internal static class ReviewLanguage
{
    public const string Chinese = "zh";
    public const string English = "en";
    public const string Other = "other";

    /// <summary>By script: a fifth Han characters is Chinese, else three quarters Latin letters is English (any language in Latin letters counts as that).</summary>
    public static string Of(string text)
    {
        int han = 0, latin = 0, letters = 0;
        foreach (var letter in text)
        {
            if (!char.IsLetter(letter)) continue;
            letters++;
            if (letter is >= '\u4e00' and < '\ua000') han++;
            else if (letter < '\u0250') latin++;
        }

        return letters == 0 ? Other : han * 5 >= letters ? Chinese : latin * 4 >= letters * 3 ? English : Other;
    }
}
