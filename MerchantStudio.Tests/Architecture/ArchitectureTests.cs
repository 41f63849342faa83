using System.Collections.Immutable;
using MerchantStudio.Core.Shop;
using Xunit;

namespace MerchantStudio.Tests.Architecture;

public sealed class ArchitectureTests
{
    private const string Begin = "<!-- picture: written by ArchitectureTests -->\n```mermaid\n";
    private const string End = "```\n<!-- end of picture -->";

    private static readonly Lazy<ImmutableArray<TypeUse>> CoreUses = new(() => CompiledReferences.Read(typeof(StudioPaths).Assembly.Location));

    [Fact]
    public void Every_slice_has_a_layer() =>
        Assert.Empty(CoreUses.Value.Select(use => Slices.Of(use.From.Namespace)).Where(slice => slice is not null && Slices.LayerOf(slice) < 0).Distinct());

    [Fact]
    public void A_slice_uses_no_layer_above_its_own() =>
        Assert.Empty(Between().Where(use => Slices.LayerOf(use.From) < Slices.LayerOf(use.To)).Select(use => $"{use.From} -> {use.To}"));

    [Fact]
    public void No_slices_use_each_other_in_a_ring()
    {
        var uses = Between();
        Assert.Empty(uses.Where(use => string.CompareOrdinal(use.From, use.To) < 0 && uses.Contains(new(use.To, use.From))).Select(use => $"{use.From} <-> {use.To}"));
    }

    /// <summary>Only the door to native code is internal and meant for others: the warehouse and the model runtime stand on it.</summary>
    [Fact]
    public void A_slice_never_touches_the_internals_of_another()
    {
        var touched = CoreUses.Value
            .Where(use => Crosses(use) && !use.To.IsPublic && Slices.Of(use.To.Namespace) != "Native")
            .Select(use => $"{use.From.Namespace}.{use.From.Name} -> {use.To.Namespace}.{use.To.Name}").Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(touched.Count == 0, string.Join('\n', touched));
    }

    [Fact]
    public void The_core_knows_neither_the_web_nor_its_components()
    {
        var allowed = new[] { "Microsoft.AspNetCore.Identity.EntityFrameworkCore", "Microsoft.AspNetCore.Identity" };
        Assert.Empty(CompiledReferences.Assemblies(typeof(StudioPaths).Assembly.Location)
            .Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("Radzen", StringComparison.Ordinal) || name == "MerchantStudio")
            .Except(allowed));
    }

    [Fact]
    public void The_web_never_reaches_for_native_code() =>
        Assert.Empty(CompiledReferences.Read(typeof(Program).Assembly.Location)
            .Where(use => Slices.Of(use.To.Namespace) == "Native").Select(use => $"{use.From.Name} -> {use.To.Name}"));

    [Fact]
    public async Task The_picture_in_the_architecture_document_is_up_to_date()
    {
        var path = Repository.Path("docs", "architecture.md");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end > begin, "docs/architecture.md has lost the marks around its picture.");
        var picture = Slices.Picture(Between());
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, text[..begin] + picture + text[end..], TestContext.Current.CancellationToken);
            return;
        }
        Assert.True(text[begin..end] == picture, "Run this test once with UPDATE_DOCS=1 and commit docs/architecture.md. The picture should be:\n" + picture);
    }

    private static HashSet<SliceUse> Between() =>
        CoreUses.Value.Where(Crosses).Select(use => new SliceUse(Slices.Of(use.From.Namespace)!, Slices.Of(use.To.Namespace)!)).ToHashSet();

    private static bool Crosses(TypeUse use) =>
        Slices.Of(use.From.Namespace) is { } from && Slices.Of(use.To.Namespace) is { } to && from != to && use.To.Assembly is null;
}
