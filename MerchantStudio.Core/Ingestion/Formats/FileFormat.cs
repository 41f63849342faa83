namespace MerchantStudio.Core.Ingestion.Formats;

/// <summary>What a file was before it was read as a table.</summary>
public enum FileFormat
{
    /// <summary>Text with a delimiter, whatever it is.</summary>
    Csv,
    Xlsx,

    /// <summary>One JSON object a line.</summary>
    NdJson,

    /// <summary>A JSON document with a list of objects.</summary>
    Json,
    Parquet,
    Sqlite,
}
