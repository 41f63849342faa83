using System.Buffers;
using System.Security.Cryptography;
using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Ingestion.Quotas;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace MerchantStudio.Core.Ingestion.Staging;

/// <summary>Where files wait for their import: one entry each, named by the import's id.</summary>
internal sealed class StagingFolder(StudioPaths paths, DiskRoom disk, IOptions<IngestionOptions> options, TimeProvider clock)
{
    /// <summary>Rows take about 0.55 of their text in the warehouse, and checking and sorting them may set as much as a fifth of it aside for a while.</summary>
    private const double ShareOfText = 0.55 + 0.2;

    /// <summary>What a compressed file is taken to unpack to.</summary>
    private const int UnpackedTimes = 8;

    private const int CopyBytes = 256 * 1024;
    private const int HashBytes = 1 << 20;
    private const string ReadingSuffix = ".reading";

    public string PathOf(Guid importId) => Path.Combine(paths.Staging, importId.ToString("N"));

    /// <summary>Where what a converter wrote of the file lies; goes with it.</summary>
    public string ReadingFolderOf(Guid importId) => PathOf(importId) + ReadingSuffix;

    public bool Holds(Guid importId) => File.Exists(PathOf(importId));

    /// <summary>Copies a stream, hashing it on the way; stops at the upload limit.</summary>
    /// <returns>Size and SHA-256; nothing is left of a copy that did not end well.</returns>
    public async Task<Outcome<(long Bytes, string Sha256)>> TakeAsync(Guid importId, Stream content, UploadRoom room, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(paths.Staging);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        var complete = false;
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var file = new FileStream(PathOf(importId), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true);
            await using var _ = file.ConfigureAwait(false);
            long bytes = 0;
            var begun = clock.GetTimestamp();
            while (await ReadAsync(content, buffer, cancellationToken).ConfigureAwait(false) is not 0 and var read)
            {
                if (read < 0 || IsTooSlow(bytes += read, clock.GetElapsedTime(begun))) return ImportProblems.UploadStalled();
                if (bytes > options.Value.UploadLimitBytes) return TooLarge(bytes);
                room.Turn.Brought(read);
                if (room.Full() is { } full) return full;
                if ((bytes / CopyBytes) % 64 == 0 && !disk.Has(0)) return ImportProblems.DiskFull();
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                progress?.Report(bytes);
            }

            complete = true;
            return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch (IOException full) when (DiskRoom.IsFull(full))
        {
            return ImportProblems.DiskFull();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (!complete) Remove(importId);
        }
    }

    /// <returns>Bytes read; -1 when nothing came for too long.</returns>
    private async Task<int> ReadAsync(Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Value.UploadPatience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await content.ReadAsync(buffer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return -1;
        }
    }

    private bool IsTooSlow(long bytes, TimeSpan elapsed) => elapsed > options.Value.UploadPatience && bytes < options.Value.SlowestUpload * elapsed.TotalSeconds;

    /// <summary>Points to a file of this machine instead of copying it; copies it where links are not allowed.</summary>
    public async Task<(long Bytes, string Sha256)> LinkAsync(Guid importId, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(paths.Staging);
        try
        {
            File.CreateSymbolicLink(PathOf(importId), Path.GetFullPath(path));
        }
        catch (Exception notAllowed) when (notAllowed is IOException or UnauthorizedAccessException)
        {
            File.Copy(path, PathOf(importId));
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan | FileOptions.Asynchronous);
        return await HashAsync(file, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the next piece while one is hashed.</summary>
    private static async Task<(long Bytes, string Sha256)> HashAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (piece, next) = (new byte[HashBytes], new byte[HashBytes]);
        long bytes = 0;
        var read = await RandomAccess.ReadAsync(file, piece, bytes, cancellationToken).ConfigureAwait(false);
        while (read > 0)
        {
            bytes += read;
            var coming = RandomAccess.ReadAsync(file, next, bytes, cancellationToken).AsTask();
            hash.AppendData(piece, 0, read);
            read = await coming.ConfigureAwait(false);
            (piece, next) = (next, piece);
        }

        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    public void Remove(Guid importId)
    {
        File.Delete(PathOf(importId));
        if (Directory.Exists(ReadingFolderOf(importId))) Directory.Delete(ReadingFolderOf(importId), recursive: true);
    }

    /// <summary>Removes what no import waits for: uploads that were cut off, and files of imports that have ended.</summary>
    public void RemoveAllBut(IReadOnlySet<Guid> waiting)
    {
        if (!Directory.Exists(paths.Staging)) return;
        foreach (var file in Directory.EnumerateFiles(paths.Staging))
        {
            if (Guid.TryParseExact(Path.GetFileName(file), "N", out var importId) && !waiting.Contains(importId)) File.Delete(file);
        }

        foreach (var folder in Directory.EnumerateDirectories(paths.Staging, "*" + ReadingSuffix))
        {
            if (Guid.TryParseExact(Path.GetFileName(folder)[..^ReadingSuffix.Length], "N", out var importId) && !waiting.Contains(importId)) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a staged file takes of the disk, with what was converted of it; one that is only pointed to takes nothing.</summary>
    public long BytesOf(Guid importId)
    {
        var file = new FileInfo(PathOf(importId));
        var converted = new DirectoryInfo(ReadingFolderOf(importId));
        return (file is { Exists: true, LinkTarget: null } ? file.Length : 0) + (converted.Exists ? converted.EnumerateFiles("*", SearchOption.AllDirectories).Sum(part => part.Length) : 0);
    }

    /// <summary>Disk that importing a staged file takes for a while: the rows, what checking them sets aside, and the text of a file that is not text.</summary>
    /// <param name="bytes">Size of the file.</param>
    public long NeededBytes(Guid importId, long bytes)
    {
        var container = FormatDetector.Detect(PathOf(importId));
        var text = container is Container.Text or Container.Json && !FormatDetector.IsGzip(PathOf(importId)) ? bytes : bytes * UnpackedTimes;
        return ForText(text) + (container == Container.Text ? 0 : text);
    }

    /// <summary>Null when the disk has room for so many bytes, else the problem.</summary>
    public Problem? NoRoom(long bytes) => disk.Has(bytes) ? null : ImportProblems.NoSpace(bytes >> 20, disk.FreeBytes >> 20, disk.ReservedBytes >> 20);

    /// <summary>Null when an upload of this announced size may begin: there is room for the file and for its rows.</summary>
    public Problem? Announced(long bytes) => bytes > options.Value.UploadLimitBytes ? TooLarge(bytes) : NoRoom(bytes + ForText(bytes));

    private static long ForText(long bytes) => (long)(bytes * ShareOfText);

    private Problem TooLarge(long bytes) => ImportProblems.TooLarge(bytes / 1e9, options.Value.UploadLimitBytes >> 20);
}
