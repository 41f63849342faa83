using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using MerchantStudio.Core.Demo.Generator;

namespace MerchantStudio.Core.Demo;

/// <param name="BoughtAfterDays">1 to 30; null for no order in the hidden days.</param>
internal sealed record TrueShopper(string UserId, string Kind, string Mind, double Chance1, double Chance7, double Chance30, int? BoughtAfterDays)
{
    public double Chance(int horizonDays) => horizonDays switch { 1 => Chance1, 7 => Chance7, _ => Chance30 };

    public bool Bought(int horizonDays) => BoughtAfterDays <= horizonDays;
}

internal sealed record TrueReview(string Sentiment, string Language);

/// <summary>The planted truth as the committed files tell it.</summary>
internal static class TruthFiles
{
    public static Task<DemoTruth> SummaryAsync(DemoSource source, CancellationToken cancellationToken) => DemoFiles.ReadJsonAsync<DemoTruth>(source.File(DemoFiles.Truth), cancellationToken);

    public static async Task<ImmutableDictionary<string, TrueShopper>> ShoppersAsync(DemoSource source, CancellationToken cancellationToken)
    {
        var shoppers = ImmutableDictionary.CreateBuilder<string, TrueShopper>(StringComparer.Ordinal);
        await foreach (var cells in RowsAsync(source, TruthTables.Shoppers, cancellationToken).ConfigureAwait(false))
        {
            shoppers.Add(cells[0], new(cells[0], cells[1], cells[2], Number(cells[3]), Number(cells[4]), Number(cells[5]), cells[6].Length == 0 ? null : int.Parse(cells[6], CultureInfo.InvariantCulture)));
        }
        return shoppers.ToImmutable();
    }

    public static async Task<ImmutableDictionary<string, TrueReview>> ReviewsAsync(DemoSource source, CancellationToken cancellationToken)
    {
        var reviews = ImmutableDictionary.CreateBuilder<string, TrueReview>(StringComparer.Ordinal);
        await foreach (var cells in RowsAsync(source, TruthTables.Reviews, cancellationToken).ConfigureAwait(false)) reviews.Add(cells[0], new(cells[1], cells[2]));
        return reviews.ToImmutable();
    }

    /// <summary>The truth's own files quote nothing, so a comma always parts two cells.</summary>
    private static async IAsyncEnumerable<string[]> RowsAsync(DemoSource source, string table, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(source.File($"{table}.csv.gz")), CompressionMode.Decompress));
        await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line) yield return line.Split(',');
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
