using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Exports;

/// <param name="Name">File inside the archive.</param>
public sealed record ExportedTable(string Name, long Rows);

/// <summary>Writes everything that a workspace holds into one ZIP archive, a file a table; what it has no rows of is left out.</summary>
public sealed class WorkspaceExport(TableExport tables, WarehouseRegistry warehouses, StudioPaths paths)
{
    private static readonly ImmutableArray<(ExportWhat What, string Name)> Whole =
    [
        (ExportWhat.Events, "events"), (ExportWhat.Orders, "orders"), (ExportWhat.Products, "products"), (ExportWhat.Customers, "customers"), (ExportWhat.Reviews, "reviews"), (ExportWhat.Feedback, "feedback"),
        (ExportWhat.AdSpend, "ad-spend"), (ExportWhat.Rejects, "rejects"), (ExportWhat.Segments, "segments"), (ExportWhat.Scores, "scores"), (ExportWhat.Features, "features"),
    ];

    /// <returns>The files written and their rows.</returns>
    public async Task<Outcome<ImmutableArray<ExportedTable>>> WriteAsync(WorkspaceScope scope, ExportFormat format, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ExportRows) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var numbers = await warehouse.QueryAsync("select table_no from feature_tables order by 1", row => row.Int(0), [], cancellationToken).ConfigureAwait(false);
        var questions = Whole.Select(table => (table.Name, Question: new ExportQuestion(table.What)))
            .Concat(numbers.Select(number => (Name: string.Create(CultureInfo.InvariantCulture, $"feature-table-{number}"), Question: new ExportQuestion(ExportWhat.FeatureTable, Table: number))));
        var written = ImmutableArray.CreateBuilder<ExportedTable>();
        using var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, question) in questions)
        {
            // Whether there are rows shows only once they are written, and an entry that was begun cannot be taken back.
            var beside = new FileStream(Path.Combine(paths.WorkspaceFolder(scope.Workspace), $"export-{Guid.NewGuid():N}.part"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 81_920, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
            await using var _ = beside.ConfigureAwait(false);
            var rows = await tables.WriteAsync(scope, question, format, beside, cancellationToken).ConfigureAwait(false);
            if (rows.Problem is { } problem and not ExportNotThereYet) return problem;
            if (rows.Problem is not null || rows.Value == 0) continue;
            beside.Position = 0;
            var file = $"{name}.{format.ToString().ToLowerInvariant()}";
            var entry = archive.CreateEntry(file, format == ExportFormat.Parquet ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
            var content = await entry.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (content.ConfigureAwait(false)) await beside.CopyToAsync(content, cancellationToken).ConfigureAwait(false);
            written.Add(new ExportedTable(file, rows.Value));
        }

        return written.ToImmutable();
    }
}
