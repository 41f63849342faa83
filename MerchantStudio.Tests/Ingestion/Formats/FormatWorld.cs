using System.IO.Compression;
using System.Text;
using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Ingestion.Formats.Native;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Native.DuckDb;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Workers;
using MerchantStudio.Tests.Worlds;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Xunit;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>Converts files made in a test and reads what came of them.</summary>
internal sealed class FormatWorld : IDisposable
{
    public string Folder { get; } = Directory.CreateDirectory(TemporaryStudio.NewFolder()).FullName;

    public WorkerOptions Worker { get; } = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async Task<Outcome<ReadableFile>> ConvertAsync(byte[] content, string? part = null, ConversionLimits? limits = null)
    {
        var path = Path.Combine(Folder, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(path, content, Now);
        var converter = new FileConverter(new NativeTables(new WorkerRunner(Options.Create(Worker))));
        return await converter.ConvertAsync(path, Directory.CreateDirectory(path + ".reading").FullName, part, limits ?? new ConversionLimits(1L << 30, 100), Now);
    }

    /// <summary>The columns' names and every record with its position; a record that cannot be read as its fault.</summary>
    public async Task<(ReadableFile File, string Header, List<string> Records)> ReadAsync(byte[] content, string? part = null)
    {
        var readable = (await ConvertAsync(content, part)).Value;
        using var file = DelimitedFile.Open(readable, new FileReading()).Value;
        var records = new List<string>();
        while (file.Read()) records.Add($"{file.Line}: {(file.IsWhole ? string.Join('|', Enumerable.Range(0, file.Columns.Length).Select(file.Text)) : file.Fault + " " + Encoding.UTF8.GetString(file.Raw))}");
        return (readable, string.Join('|', file.Columns), records);
    }

    public Task<(ReadableFile File, string Header, List<string> Records)> ReadAsync(string content, string? part = null) => ReadAsync(Encoding.UTF8.GetBytes(content), part);

    public byte[] Parquet(string query)
    {
        var path = Path.Combine(Folder, "made.parquet");
        using (var database = DuckDbDatabase.Open(":memory:", []))
        using (var connection = database.Connect()) connection.Execute($"set timezone = 'UTC'; copy ({query}) to '{path}' (format parquet)", []);
        return File.ReadAllBytes(path);
    }

    public byte[] Sqlite(string sql)
    {
        var path = Path.Combine(Folder, Guid.NewGuid().ToString("N") + ".db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        return File.ReadAllBytes(path);
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] members)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in members) SmallWorkbook.Add(zip, name, content);
        }

        return packed.ToArray();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
