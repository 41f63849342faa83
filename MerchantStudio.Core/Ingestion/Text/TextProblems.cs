using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>Why a file cannot be read as a table of text.</summary>
internal static class TextProblems
{
    public static Problem Missing(string fileName) =>
        new("import.file-missing", "There is no file '{0}'. Check its name and folder.", fileName);

    public static Problem Empty() =>
        new("import.empty-file", "The file is empty. Export it again and check that it holds rows.");

    public static Problem HeaderOnly() =>
        new("import.header-only", "The file has a header line and no rows below it. Export it again and check the period you chose.");

    public static Problem Binary(string kind) =>
        new("import.binary-file", "This is not a text file but looks like: {0}. Save or export it as CSV and upload that.", kind);

    public static Problem UnknownEncoding() =>
        new("import.unknown-encoding", "The letters of this file are written in an encoding that is not known here (UTF-8, UTF-16 and GBK/GB18030 are). Save it as CSV UTF-8, or choose its encoding by hand.");

    public static Problem TooManyColumns(int limit) =>
        new("import.too-many-columns", "The file has more than {0} columns. Leave out those you do not need, or check that the delimiter is right.", limit);

    public static Problem DamagedGzip() =>
        new("import.damaged-gzip", "The compressed file is damaged or cut off. Compress it again, or upload it uncompressed.");

    public static Problem UnpacksTooLarge(UnpackLimitException limit) => limit.MaxRatio is { } ratio
        ? new("import.unpack-ratio", "The compressed file unpacks to more than {0} times its size, which honest data does not. Upload it uncompressed.", ratio)
        : new("import.unpacks-too-large", "The compressed file unpacks to more than {0} GB. Split it into parts.", (limit.MaxBytes ?? 0) / (1024 * 1024 * 1024));
}
