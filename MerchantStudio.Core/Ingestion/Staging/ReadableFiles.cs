using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Ingestion.Formats.Json;
using MerchantStudio.Core.Outcomes;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Ingestion.Staging;

/// <summary>Staged files as delimited text. What needs converting is converted once for each part that is asked for and kept beside the file.</summary>
internal sealed class ReadableFiles(StagingFolder staging, FileConverter converter, IOptions<IngestionOptions> options)
{
    private const string Card = "table.json";

    /// <summary>Two looks at one file wait for each other; different files rarely do.</summary>
    private readonly ImmutableArray<SemaphoreSlim> _turns = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1))];

    /// <param name="part">Sheet, table, list or member; null for the largest that can be read.</param>
    /// <returns>The text, or why there is none.</returns>
    public async Task<Outcome<ReadableFile>> OpenAsync(Guid importId, string? part, CancellationToken cancellationToken)
    {
        var path = staging.PathOf(importId);
        if (await Task.Run(() => FormatDetector.Detect(path) == Container.Text && !NestedCells.AreIn(path), cancellationToken).ConfigureAwait(false)) return ReadableFile.Plain(path);
        var turn = _turns[(int)((uint)importId.GetHashCode() % (uint)_turns.Length)];
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var folder = Path.Combine(staging.ReadingFolderOf(importId), part is null ? "largest" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(part)))[..16]);
            return Kept(folder) ?? await ConvertAsync(importId, path, folder, part, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    private static Outcome<ReadableFile>? Kept(string folder)
    {
        var card = Path.Combine(folder, Card);
        if (!File.Exists(card) || JsonSerializer.Deserialize<ReadableFile>(File.ReadAllBytes(card)) is not { } kept) return null;
        return kept with { Path = Path.Combine(folder, Path.GetFileName(kept.Path)) };
    }

    private async Task<Outcome<ReadableFile>> ConvertAsync(Guid importId, string path, string folder, string? part, CancellationToken cancellationToken)
    {
        if (staging.NoRoom(staging.NeededBytes(importId, new FileInfo(path).Length)) is { } full) return full;
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var complete = false;
        try
        {
            var limits = new ConversionLimits(options.Value.UnpackLimitBytes, options.Value.UnpackRatio);
            var converted = await converter.ConvertAsync(path, folder, part, limits, cancellationToken).ConfigureAwait(false);
            if (!converted.TryGet(out var readable, out var problem)) return problem;
            foreach (var left in Directory.EnumerateFiles(folder).Where(file => file != readable.Path)) File.Delete(left);

            // The card comes last: a folder without it was cut off and is converted anew.
            await File.WriteAllBytesAsync(Path.Combine(folder, Card), JsonSerializer.SerializeToUtf8Bytes(readable), cancellationToken).ConfigureAwait(false);
            complete = true;
            return readable;
        }
        finally
        {
            if (!complete) Directory.Delete(folder, recursive: true);
        }
    }
}
