using System.Security.Cryptography;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Learning.Registry;

/// <summary>Model files under their SHA-256. A file is complete or absent: it is written aside, flushed to the disk, checked and then renamed.</summary>
public sealed class ModelStore(StudioPaths paths)
{
    /// <returns>The hash, 64 lower-case hex digits.</returns>
    public async Task<string> SaveAsync(Action<Stream> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var memory = new MemoryStream();
        write(memory);
        var bytes = memory.GetBuffer().AsMemory(0, (int)memory.Length);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        var file = PathOf(hash);
        if (await IsSoundAsync(file, hash, cancellationToken).ConfigureAwait(false)) return hash;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var aside = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, file, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }

        return hash;
    }

    /// <summary>Opens a model's bytes after checking them against the hash.</summary>
    /// <exception cref="FileNotFoundException">No such model.</exception>
    /// <exception cref="ModelDamagedException">The file was changed or cut after it was written.</exception>
    public async Task<Stream> OpenAsync(string hash, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(PathOf(hash), cancellationToken).ConfigureAwait(false);
        if (!Matches(bytes, hash)) throw new ModelDamagedException(PathOf(hash));
        return new MemoryStream(bytes, writable: false);
    }

    public bool Holds(string hash) => File.Exists(PathOf(hash));

    /// <summary>A damaged file under the right name must not keep the sound one from being written.</summary>
    private static async Task<bool> IsSoundAsync(string file, string hash, CancellationToken cancellationToken) =>
        File.Exists(file) && Matches(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false), hash);

    private static bool Matches(byte[] bytes, string hash) => string.Equals(Convert.ToHexStringLower(SHA256.HashData(bytes)), hash, StringComparison.Ordinal);

    private string PathOf(string hash)
    {
        if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower)) throw new ArgumentException("Not a SHA-256 in lower-case hex.", nameof(hash));
        return Path.Combine(paths.Models, hash, "model.bin");
    }
}

/// <summary>A model's file does not agree with the hash under which it was saved.</summary>
public sealed class ModelDamagedException(string file) : IOException($"The model file {file} does not match its hash."), IExplained
{
    public Problem? Problem { get; } = new ModelDamaged(file);
}

public sealed record ModelDamaged(string File)
    : Problem("models.damaged", "The model file {0} is damaged and was not used. Refresh the insights: that trains the model anew and writes the file again.", File);
