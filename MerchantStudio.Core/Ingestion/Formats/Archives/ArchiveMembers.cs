using System.Collections.Immutable;
using System.IO.Compression;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Formats.Archives;

/// <summary>Chooses and unpacks the member of an archive that is to be imported.</summary>
internal static class ArchiveMembers
{
    private const int MostOffered = 200;

    /// <summary>Unpacks one member to <paramref name="target"/>.</summary>
    /// <param name="name">Null for the largest that can be read.</param>
    /// <returns>Its name and the names of all that can be read.</returns>
    public static (string Member, ImmutableArray<string> Readable) Unpack(string path, string target, string? name, ConversionLimits limits, CancellationToken cancellationToken)
    {
        using var archive = ArchiveFile.Open(path);
        var members = archive.Members.ToList();
        if (members.Count == 0) throw new FileRefusedException(TextProblems.Empty());
        var kinds = members.Take(MostOffered).Select(entry => (Entry: entry, Kind: Look(archive, entry, limits))).ToList();
        var readable = kinds.Where(member => member.Kind == MemberKind.Readable).Select(member => member.Entry).ToList();
        if (readable.Count == 0) throw new FileRefusedException(WhyNone(kinds));
        var names = readable.Select(ArchiveFile.NameOf).ToImmutableArray();
        var place = name is null ? readable.IndexOf(readable.MaxBy(entry => entry.Length)!) : names.IndexOf(name);
        if (place < 0) throw new FileRefusedException(FormatProblems.PartMissing(name!, names));
        using var content = archive.Read(readable[place], limits);
        using var file = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        Copy(content, file, cancellationToken);
        return (names[place], names);
    }

    public static void Copy(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[256 * 1024];
        int read;
        while ((read = from.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            to.Write(buffer, 0, read);
        }
    }

    private enum MemberKind
    {
        Readable,
        Archive,
        Locked,
        Damaged,
        Other,
    }

    private static MemberKind Look(ArchiveFile archive, ZipArchiveEntry entry, ConversionLimits limits)
    {
        if (entry.IsEncrypted) return MemberKind.Locked;
        if (entry.Length == 0) return MemberKind.Other;
        byte[] start;
        try
        {
            using var content = archive.Read(entry, limits);
            start = FormatDetector.Head(content);
        }
        catch (InvalidDataException)
        {
            // A member that cannot be unpacked stands in nobody's way unless it is the only one.
            return MemberKind.Damaged;
        }

        if (FormatDetector.LooksLikeWorkbook(start)) return MemberKind.Readable;
        if (FormatDetector.IsArchive(start)) return MemberKind.Archive;
        return FormatDetector.Of(start, isWhole: start.Length == entry.Length) != Container.Text || EncodingDetector.BinaryKind(start) is null ? MemberKind.Readable : MemberKind.Other;
    }

    private static Outcomes.Problem WhyNone(List<(ZipArchiveEntry Entry, MemberKind Kind)> members)
    {
        if (members.Exists(member => member.Kind == MemberKind.Locked)) return FormatProblems.ArchiveLocked();
        if (members.Exists(member => member.Kind == MemberKind.Archive)) return FormatProblems.ArchiveInArchive();
        return members.Exists(member => member.Kind == MemberKind.Damaged)
            ? FormatProblems.DamagedArchive()
            : FormatProblems.ArchiveWithoutTable([.. members.Select(member => ArchiveFile.NameOf(member.Entry))]);
    }
}
