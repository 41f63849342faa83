using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition.Platforms;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>The known forms.</summary>
internal static class Presets
{
    public static ImmutableArray<Preset> All { get; } = [.. ShopPlatforms.All, .. ChinesePlatforms.All, .. EventStreams.All, .. PublicSets.All, .. OwnForms.All];

    public static string Known => string.Join(", ", All.Select(preset => preset.Key));

    public static Preset? Find(string key) => All.FirstOrDefault(preset => preset.Key == key);

    /// <summary>The form that fits best; of two that fit alike the one that stands first.</summary>
    public static PresetMatch? Best(FileShape shape, IReadOnlyList<ImmutableArray<string>> rows, IReadOnlyList<ValueEvidence> evidence, DatasetKind? kind) =>
        All.Where(preset => kind is null || preset.Kind == kind).Select(preset => preset.Match(shape, rows, evidence)).OfType<PresetMatch>().MaxBy(match => match.Strength);

    /// <summary>A column that tells this form from others.</summary>
    public static PresetColumn Mark(ColumnRole role, string names) => new(role, names, IsMark: true);

    /// <summary>A column that other forms have, too.</summary>
    public static PresetColumn Also(ColumnRole role, string names) => new(role, names, IsMark: false);
}
