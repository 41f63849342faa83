using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MerchantStudio.Core.Learning;

/// <summary>The frame of a model's file: a signature, the length and hash of the rest, the kind of model, the model.</summary>
public static class ModelFile
{
    private static ReadOnlySpan<byte> Signature => "MSMODEL3"u8;

    /// <summary>Writes the frame and what <paramref name="write"/> puts into it.</summary>
    /// <param name="tag">Names the kind of model and the layout of what follows.</param>
    public static void Write(Stream stream, string tag, Action<BinaryWriter> write)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(write);
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(tag);
            write(writer);
        }

        var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        stream.Write(Signature);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        stream.Write(length);
        stream.Write(SHA256.HashData(bytes));
        stream.Write(bytes);
    }

    /// <summary>Reads what stands in a frame that is whole.</summary>
    /// <param name="read">Takes the tag and a reader that stands behind it.</param>
    /// <exception cref="InvalidDataException">The stream holds something else, or was changed or cut after it was written.</exception>
    public static T Read<T>(Stream stream, Func<string, BinaryReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            using var reader = new BinaryReader(Body(stream), Encoding.UTF8);
            return read(reader.ReadString(), reader);
        }
        catch (EndOfStreamException cut)
        {
            throw new InvalidDataException("The model file ends too early.", cut);
        }
    }

    /// <summary>The checked rest: what is read from it was written by <see cref="Write"/>.</summary>
    private static MemoryStream Body(Stream stream)
    {
        Span<byte> head = stackalloc byte[Signature.Length + sizeof(int) + SHA256.HashSizeInBytes];
        stream.ReadExactly(head);
        if (!head.StartsWith(Signature)) throw new InvalidDataException("Not a model file of this version.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(head[Signature.Length..]);
        using var body = new MemoryStream();
        var piece = new byte[64 * 1024];
        for (var left = length; left > 0;)
        {
            var read = stream.Read(piece, 0, Math.Min(left, piece.Length));
            if (read == 0) throw new EndOfStreamException();
            body.Write(piece, 0, read);
            left -= read;
        }

        var bytes = body.ToArray();
        if (!head[^SHA256.HashSizeInBytes..].SequenceEqual(SHA256.HashData(bytes))) throw new InvalidDataException("The model file is damaged.");
        return new MemoryStream(bytes, writable: false);
    }
}
