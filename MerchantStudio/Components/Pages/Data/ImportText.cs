using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Data;

/// <summary>What an import found, in words that fit its kind.</summary>
internal static class ImportText
{
    /// <summary>Rows that repeat another one: two sales of one article are two, a review that comes twice is none.</summary>
    public static string Identical(Texts texts, ImportReport report)
    {
        var own = $"Import.identical-{report.Kind}";
        return texts[Texts.Find(own) is null ? "Import.identical" : own, Show.Count(report.Identical)];
    }

    /// <summary>What a file holds; a dash until somebody has said so.</summary>
    public static string Kind(Texts texts, ImportRecord record) => record.State == ImportState.Staged ? "–" : texts[$"Import.kind-{record.Kind}"];

    /// <summary>Who asked for an import; the studio itself fills the demo shop.</summary>
    public static string By(Texts texts, ImportRecord record) => record.RequestedBy == Actor.Scheduler.Name ? texts["Import.by-studio"] : record.RequestedBy;
}
