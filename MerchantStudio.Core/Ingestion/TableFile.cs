using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Ingestion.Formats.Native;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Workers;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Ingestion;

/// <summary>A file of any form that can be imported, opened as a table without a workspace. What had to be converted goes when it is disposed of.</summary>
public sealed class TableFile : IDisposable
{
    private readonly string? _folder;

    private TableFile(DelimitedFile rows, string? folder)
    {
        Rows = rows;
        _folder = folder;
    }

    /// <summary>The table's rows, from the first.</summary>
    public DelimitedFile Rows { get; }

    /// <returns>The table, or why the file cannot be read as one.</returns>
    public static async Task<Outcome<TableFile>> OpenAsync(string path, FileReading reading, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(reading);
        if (!File.Exists(path)) return TextProblems.Missing(Path.GetFileName(path));
        var folder = Directory.CreateTempSubdirectory("merchant-studio-table-").FullName;
        var keep = false;
        try
        {
            var limits = new IngestionOptions();
            var converter = new FileConverter(new NativeTables(new WorkerRunner(Options.Create(new WorkerOptions()))));
            var converted = await converter.ConvertAsync(path, folder, reading.Part, new ConversionLimits(limits.UnpackLimitBytes, limits.UnpackRatio), cancellationToken).ConfigureAwait(false);
            if (!converted.TryGet(out var readable, out var problem)) return problem;
            if (!DelimitedFile.Open(readable, reading).TryGet(out var rows, out problem)) return problem;
            keep = readable.Path != path;
            return new TableFile(rows, keep ? folder : null);
        }
        finally
        {
            if (!keep) Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose()
    {
        Rows.Dispose();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }
}
