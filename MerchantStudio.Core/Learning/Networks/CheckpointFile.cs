using System.Security.Cryptography;

namespace MerchantStudio.Core.Learning.Networks;

/// <summary>One file with the last state of a training. It is written aside, flushed to the disk and renamed, so that a process killed at any moment leaves the state before or the state after.</summary>
/// <param name="path">Its folder must exist; beside it a file with ".tmp" behind its name may lie.</param>
public sealed class CheckpointFile(string path)
{
    internal void Write(Action<BinaryWriter> content)
    {
        var aside = path + ".tmp";
        using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using var memory = new MemoryStream();
            using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true)) content(writer);
            var bytes = memory.GetBuffer().AsSpan(0, (int)memory.Length);
            stream.Write(SHA256.HashData(bytes));
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
    }

    /// <returns>Null when there is none.</returns>
    /// <exception cref="InvalidDataException">The file was changed or cut after it was written.</exception>
    internal BinaryReader? Read()
    {
        if (!File.Exists(path)) return null;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < SHA256.HashSizeInBytes || !SHA256.HashData(bytes.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, SHA256.HashSizeInBytes)))
        {
            throw new InvalidDataException("The checkpoint does not match its hash.");
        }

        return new BinaryReader(new MemoryStream(bytes, SHA256.HashSizeInBytes, bytes.Length - SHA256.HashSizeInBytes));
    }

    /// <summary>Takes it away once the model is safe.</summary>
    public void Delete()
    {
        File.Delete(path);
        File.Delete(path + ".tmp");
    }
}
