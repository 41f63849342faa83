using MerchantStudio.Core.Pipeline;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>How a version stands.</summary>
internal static class ModelStates
{
    /// <returns>Key of its name.</returns>
    public static string StateKey(this ModelSummary model) => model.IsLive ? "Models.live" : model.Off is not null ? "Models.off" : model.FileThere ? "Models.kept" : "Models.file-gone";
}
