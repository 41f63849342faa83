using MerchantStudio.Core.Access;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Where rows go and what is the same for all of them.</summary>
/// <param name="Zone">The store's time zone.</param>
/// <param name="ImportNumber">Carried by every row.</param>
/// <param name="TableFor">Where rows of a table are written to: the table itself, or one beside it that is merged afterwards.</param>
internal sealed record RowTarget(WarehouseSession Session, RejectLog Rejects, int ImportNumber, TimeZoneInfo Zone, DateTimeOffset Now, IContactProtector Contacts, Func<string, string> TableFor)
{
    public WarehouseAppender Append(string table, params string[] columns) => Session.Append(TableFor(table), columns);

    public WarehouseAppender AppendInAnyOrder(string table, params string[] columns) => Session.AppendInAnyOrder(TableFor(table), columns);
}
