using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Running;

namespace MerchantStudio.Core.Ingestion;

/// <summary>What happens to rows whose key is already here.</summary>
public enum ImportMode
{
    /// <summary>Adds; a row whose key is here is a duplicate.</summary>
    Append,

    /// <summary>Rows whose key is here take the file's values; the others are added.</summary>
    Upsert,

    /// <summary>The file takes the place of all earlier rows of its kind.</summary>
    Replace,
}

/// <param name="Force">Imports a file that is already here once more.</param>
/// <param name="DropIdentical">Counts rows that repeat another row of the file in every column as duplicates.</param>
/// <param name="Remember">Offers the mapping again for files with the same header.</param>
public sealed record ImportChoices(ImportMode Mode = ImportMode.Append, bool Force = false, bool DropIdentical = false, bool Remember = true)
{
    /// <summary>What tells that two rows are the same thing, for an upsert; empty for the kind's own id.</summary>
    public ImmutableArray<ColumnRole> Keys { get; init; } = [];

    /// <summary>The id that rows of a file like this have of their own.</summary>
    /// <returns>Empty when the file has none: an upsert then needs chosen keys.</returns>
    public static ImmutableArray<ColumnRole> OwnKeys(ImportMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        return MergeKey.Own(mapping);
    }

    /// <summary>Columns that an upsert only fills where nothing is known yet; the others take the file's value. A blank cell never takes a value away.</summary>
    public ImmutableArray<ColumnRole> FillBlanks { get; init; } = [];
}
