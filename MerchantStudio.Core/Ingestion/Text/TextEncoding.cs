namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>Encodings that a file may have; everything is read as UTF-8.</summary>
public enum TextEncoding
{
    Utf8,
    Utf8WithBom,
    Utf16LittleEndian,
    Utf16BigEndian,

    /// <summary>Covers GBK and GB2312.</summary>
    Gb18030,

    /// <summary>Never guessed, only chosen.</summary>
    Windows1252,
}
