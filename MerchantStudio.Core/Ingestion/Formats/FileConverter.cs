using System.Collections.Immutable;
using System.Xml;
using MerchantStudio.Core.Ingestion.Formats.Archives;
using MerchantStudio.Core.Ingestion.Formats.Json;
using MerchantStudio.Core.Ingestion.Formats.Native;
using MerchantStudio.Core.Ingestion.Formats.Workbooks;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Ingestion.Formats;

/// <summary>Makes any file readable as delimited text: delimited text stays as it is, the rest is converted into a folder of its own.</summary>
/// <param name="native">Reads what needs a native library, in a process of its own.</param>
internal sealed class FileConverter(NativeTables native)
{
    /// <summary>Between an archive's member and a part of it: "orders.xlsx › Sheet1".</summary>
    public const string Within = " › ";

    /// <summary>ZIP archives that are documents of other programs, by a member that they have.</summary>
    private static readonly (string Member, string Kind)[] OfficeFiles =
        [("content.xml", "OpenDocument file"), ("xl/workbook.bin", "binary Excel workbook (.xlsb)"), ("word/document.xml", "Word document"), ("ppt/presentation.xml", "PowerPoint presentation")];

    /// <param name="folder">Exists; what is converted is written into it.</param>
    /// <param name="part">Sheet, table, list or member; null for the largest that can be read.</param>
    public async Task<Outcome<ReadableFile>> ConvertAsync(string path, string folder, string? part, ConversionLimits limits, CancellationToken cancellationToken)
    {
        var container = Container.Text;
        try
        {
            container = await Task.Run(() => FormatDetector.Detect(path), cancellationToken).ConfigureAwait(false);
            return await ConvertAsync(path, folder, part, isMember: false, limits, cancellationToken).ConfigureAwait(false);
        }
        catch (FileRefusedException refused)
        {
            return refused.Problem;
        }
        catch (UnpackLimitException limit)
        {
            return TextProblems.UnpacksTooLarge(limit);
        }
        catch (XmlException wrong)
        {
            return FormatProblems.DamagedWorkbook($"line {wrong.LineNumber}, character {wrong.LinePosition}");
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            return container switch
            {
                Container.Xlsx => FormatProblems.DamagedWorkbook(damaged.Message.TrimEnd('.')),
                Container.Zip => FormatProblems.DamagedArchive(),
                _ => TextProblems.DamagedGzip(),
            };
        }
        catch (IOException full) when (DiskRoom.IsFull(full))
        {
            return ImportProblems.DiskFull();
        }
    }

    private async Task<Outcome<ReadableFile>> ConvertAsync(string path, string folder, string? part, bool isMember, ConversionLimits limits, CancellationToken cancellationToken)
    {
        var container = FormatDetector.Detect(path);
        var target = Path.Combine(folder, "table.csv");
        if (container == Container.Text)
        {
            if (part is not null) return FormatProblems.PartMissing(part, []);
            return await Task.Run(() => NestedCells.AreIn(path) ? NestedCells.Convert(path, target, limits, cancellationToken) : ReadableFile.Plain(path), cancellationToken).ConfigureAwait(false);
        }

        if (container == Container.Json) return await Task.Run(() => JsonTable.Convert(() => PackedText.Open(path, limits), target, part, limits, cancellationToken), cancellationToken).ConfigureAwait(false);

        // The others are not read from their beginning to their end, so that a gzip around them is taken off first.
        var plain = await Task.Run(() => Unpacked(path, folder, limits, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (container is Container.Zip or Container.Xlsx) container = IsWorkbook(plain) ? Container.Xlsx : Container.Zip;
        return container switch
        {
            Container.Locked => FormatProblems.WorkbookLocked(),
            Container.Xlsx => await Task.Run(() => SheetTable.Convert(plain, target, part, limits, cancellationToken), cancellationToken).ConfigureAwait(false),
            Container.Zip when isMember => FormatProblems.ArchiveInArchive(),
            Container.Zip => await ConvertMemberAsync(plain, folder, part, limits, cancellationToken).ConfigureAwait(false),
            Container.Parquet => await native.ConvertAsync(FileFormat.Parquet, plain, target, part, limits, cancellationToken).ConfigureAwait(false),
            _ => await native.ConvertAsync(FileFormat.Sqlite, plain, target, part, limits, cancellationToken).ConfigureAwait(false),
        };
    }

    private static bool IsWorkbook(string path)
    {
        using var file = ArchiveFile.Open(path);
        foreach (var (member, kind) in OfficeFiles)
        {
            if (file.Find(member) is not null) throw new FileRefusedException(TextProblems.Binary(kind));
        }

        return Workbook.Is(file);
    }

    private static string Unpacked(string path, string folder, ConversionLimits limits, CancellationToken cancellationToken)
    {
        using var bytes = PackedText.OpenBytes(path, limits);
        if (bytes is FileStream) return path;
        var plain = Path.Combine(folder, "unpacked");
        using var file = new FileStream(plain, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        ArchiveMembers.Copy(bytes, file, cancellationToken);
        return plain;
    }

    private async Task<Outcome<ReadableFile>> ConvertMemberAsync(string path, string folder, string? part, ConversionLimits limits, CancellationToken cancellationToken)
    {
        var unpacked = Path.Combine(folder, "member");
        var cut = part?.IndexOf(Within, StringComparison.Ordinal) ?? -1;
        var (wanted, inner) = cut < 0 ? (part, null) : (part![..cut], part[(cut + Within.Length)..]);
        var (member, members) = await Task.Run(() => ArchiveMembers.Unpack(path, unpacked, wanted, limits, cancellationToken), cancellationToken).ConfigureAwait(false);
        var converted = await ConvertAsync(unpacked, folder, inner, isMember: true, limits, cancellationToken).ConfigureAwait(false);
        if (!converted.TryGet(out var readable, out var problem)) return problem;
        ImmutableArray<string> parts = [.. members.SelectMany(name => name == member && !readable.Parts.IsEmpty ? readable.Parts.Select(one => name + Within + one) : [name])];
        return readable with
        {
            Parts = parts.Length > 1 ? parts : [],
            Part = parts.Length > 1 ? readable.Part is null ? member : member + Within + readable.Part : null,
        };
    }
}
