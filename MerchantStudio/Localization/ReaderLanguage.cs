using System.Globalization;

namespace MerchantStudio.Localization;

/// <summary>The language that a page was opened in, for what other threads make it draw: a worker's thread that says that something has come does not speak the reader's.</summary>
public sealed class ReaderLanguage
{
    private readonly CultureInfo _figures = CultureInfo.CurrentCulture;
    private readonly CultureInfo _words = CultureInfo.CurrentUICulture;

    /// <summary>To be called first in work that is handed to the page's own thread.</summary>
    public void Speak() => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_figures, _words);
}
