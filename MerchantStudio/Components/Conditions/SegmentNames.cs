using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Conditions;

/// <summary>Segments' names in the reader's language: RFM groups and traits from the texts, saved ones as they were named.</summary>
/// <param name="clusters">Of the published run; null without.</param>
/// <param name="saved">Saved segments by their key.</param>
/// <param name="today">The day that new date lines begin with.</param>
public sealed class SegmentNames(Texts texts, ClusterReport? clusters, IReadOnlyDictionary<string, string> saved, DateOnly today)
{
    public DateOnly Today => today;

    public string Of(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return key[..Math.Max(0, colon)] switch
        {
            "rfm" => texts["Segments.rfm-" + key[(colon + 1)..]],
            "rfm8" => texts["Segments.rfm8-" + key[(colon + 1)..]],
            "cluster" => Cluster(key[(colon + 1)..]),
            "saved" => saved.GetValueOrDefault(key) ?? texts["Segments.gone"],
            _ => key,
        };
    }

    public IReadOnlyList<Choice<string>> Choices(Texts words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return
        [
            .. saved.OrderBy(pair => pair.Value, StringComparer.CurrentCulture).Select(pair => new Choice<string>(pair.Key, pair.Value, Group: words["Segments.from-rules"])),
            .. ConditionCatalog.RfmGroups.Select(group => new Choice<string>("rfm:" + group, Of("rfm:" + group), Group: words["Segments.view-11"])),
            .. ConditionCatalog.RfmGroups8.Select(group => new Choice<string>("rfm8:" + group, Of("rfm8:" + group), Group: words["Segments.view-8"])),
            .. (clusters?.Profiles ?? []).Select(profile => new Choice<string>($"cluster:{profile.Number}", Of($"cluster:{profile.Number}"), Group: words["Segments.view-clusters"])),
        ];
    }

    private string Cluster(string number)
    {
        var profile = clusters?.Profiles.FirstOrDefault(profile => profile.Number.ToString(CultureInfo.InvariantCulture) == number);
        if (profile is null) return texts["Segments.cluster-plain", number];
        if (profile.Traits.IsDefaultOrEmpty) return texts["Segments.cluster-average"];
        var name = string.Join(texts["Segments.trait-joint"], profile.Traits.Take(Math.Max(1, profile.NamedBy)).Select(trait => texts["Segments.trait-" + trait.Replace('.', '-')]));
        return char.ToUpper(name[0], CultureInfo.CurrentUICulture) + name[1..];
    }
}
