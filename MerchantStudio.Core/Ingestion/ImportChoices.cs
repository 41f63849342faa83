namespace MerchantStudio.Core.Ingestion;

/// <summary>What happens to rows whose key is already here.</summary>
public enum ImportMode
{
    /// <summary>Adds; a row whose key is here is a duplicate.</summary>
    Append,

    /// <summary>Products and customers with the same id take the file's values; the same as append for events and reviews.</summary>
    Upsert,

    /// <summary>The file takes the place of all earlier rows of its kind.</summary>
    Replace,
}

/// <param name="Force">Imports a file that is already here once more.</param>
/// <param name="DropIdentical">Counts rows that repeat another row of the file in every column as duplicates.</param>
/// <param name="Remember">Offers the mapping again for files with the same header.</param>
public sealed record ImportChoices(ImportMode Mode = ImportMode.Append, bool Force = false, bool DropIdentical = false, bool Remember = true);
