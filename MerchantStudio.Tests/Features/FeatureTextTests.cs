using System.Globalization;
using System.Resources;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Features.Cleaning;
using Xunit;

namespace MerchantStudio.Tests.Features;

public sealed class FeatureTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("zh-CN")]
    public void Every_feature_and_cleaning_step_has_its_texts(string language)
    {
        var texts = new ResourceManager("MerchantStudio.Resources.Features", typeof(Program).Assembly)
            .GetResourceSet(CultureInfo.GetCultureInfo(language), createIfNotExists: true, tryParents: false);
        Assert.NotNull(texts);
        string[] keys = [.. FeatureCatalog.All.SelectMany(feature => Keys(feature.Key, "name", "about", "reason")), .. CleaningStep.All.SelectMany(step => Keys($"step.{step.Key}", "name", "about"))];
        Assert.All(keys, key => Assert.False(string.IsNullOrWhiteSpace(texts.GetString(key)), key));
    }

    [Fact]
    public void Keys_are_unique_and_safe_as_column_names()
    {
        Assert.Equal(FeatureCatalog.All.Length, FeatureCatalog.All.DistinctBy(feature => feature.Key).Count());
        Assert.All(FeatureCatalog.All, feature => Assert.Matches("^[a-z][a-z0-9_]*$", feature.Key));
    }

    private static IEnumerable<string> Keys(string name, params string[] parts) => parts.Select(part => $"{name}.{part}");
}
