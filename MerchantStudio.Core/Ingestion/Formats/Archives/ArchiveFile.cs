using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;

namespace MerchantStudio.Core.Ingestion.Formats.Archives;

/// <summary>A ZIP archive, opened only after its list of members proved to be of a sensible length.</summary>
internal sealed class ArchiveFile : IDisposable
{
    private const int MostMembers = 10_000;
    private const int EndRecord = 22;
    private const int LongestComment = ushort.MaxValue;
    private const long LongestList = 64L << 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ZipArchive _zip;
    private readonly long _bytes;

    private ArchiveFile(ZipArchive zip, long bytes)
    {
        _zip = zip;
        _bytes = bytes;
    }

    /// <summary>Files in it, without folders and what a Mac adds.</summary>
    public IEnumerable<ZipArchiveEntry> Members => _zip.Entries.Where(entry =>
        !entry.FullName.EndsWith('/') && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal) && !entry.Name.StartsWith('.') && entry.Name.Length > 0);

    /// <exception cref="InvalidDataException">Damaged or cut off.</exception>
    /// <exception cref="FileRefusedException">Too many members.</exception>
    public static ArchiveFile Open(string path)
    {
        var file = File.OpenRead(path);
        try
        {
            CheckList(file);
            file.Position = 0;
            return new ArchiveFile(new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: false, Encoding.Latin1), file.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The member's name as its archiver meant it: old ones write the letters of their own machine, in China GBK.</summary>
    public static string NameOf(ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        if (Ascii.IsValid(name) || name.Any(letter => letter > 0xFF)) return name;
        var bytes = Encoding.Latin1.GetBytes(name);
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Text.EncodingDetector.For(Text.TextEncoding.Gb18030).GetString(bytes);
        }
    }

    public ZipArchiveEntry? Find(string fullName) => _zip.GetEntry(fullName);

    public Stream Read(ZipArchiveEntry entry, ConversionLimits limits, int longestRun = int.MaxValue) => new MemberStream(entry, _bytes, limits) { LongestRun = longestRun };

    public void Dispose() => _zip.Dispose();

    /// <summary>The reader of the platform takes the whole list into memory, so its length is looked at first.</summary>
    private static void CheckList(FileStream file)
    {
        var tail = new byte[Math.Min(file.Length, EndRecord + LongestComment)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || end + EndRecord > tail.Length) throw new InvalidDataException("The archive has no end.");
        var record = tail.AsSpan(end);
        long from = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (from == uint.MaxValue)
        {
            // The place is told by a larger record before this one.
            var large = tail.AsSpan(0, end).LastIndexOf("PK\u0006\u0006"u8);
            if (large < 0 || large + 56 > tail.Length) throw new InvalidDataException("The archive has no end.");
            from = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(large + 48));
        }

        var list = file.Length - tail.Length + end - from;
        if (from < 0 || list < 0) throw new InvalidDataException("The archive's list lies outside of it.");
        if (list > LongestList || BinaryPrimitives.ReadUInt16LittleEndian(record[10..]) > MostMembers) throw new FileRefusedException(FormatProblems.TooManyMembers(MostMembers));
    }
}
