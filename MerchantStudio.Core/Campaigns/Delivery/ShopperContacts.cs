using System.Globalization;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <param name="EmailProtected">As the warehouse keeps it; null when none is held.</param>
/// <param name="Consent">Null when no answer about e-mail is recorded.</param>
internal sealed record ShopperContact(string? NameProtected, string? EmailProtected, string? EmailHash, bool? Consent);

/// <summary>Where shoppers can be reached, and whether they agreed: the newest line of each in the customers file.</summary>
public sealed class ShopperContacts(WarehouseRegistry warehouses, IContactProtector protector)
{
    private const char Between = '\u001f';

    /// <summary>$1: ids, one after the other.</summary>
    private const string Sql = """
        select user_id, name_protected, email_protected, email_hash, email_consent from (
            select *, row_number() over (partition by user_id order by import_id desc, source_line desc) as place
            from customers where user_id in (select unnest(string_split($1, chr(31))))) where place = 1
        """;

    internal async Task<IReadOnlyDictionary<string, ShopperContact>> ReadAsync(WorkspaceId workspace, IEnumerable<string> shoppers, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        var ids = string.Join(Between, shoppers.Where(id => !id.Contains(Between, StringComparison.Ordinal)));
        var rows = await warehouse.QueryAsync(Sql, row => (Id: row.Text(0)!, Contact: new ShopperContact(row.Text(1), row.Text(2), row.Text(3), row.BooleanOrNull(4))), [ids], cancellationToken).ConfigureAwait(false);
        return rows.ToDictionary(row => row.Id, row => row.Contact, StringComparer.Ordinal);
    }

    /// <summary>What she is called by; null when it is not known or cannot be read any more.</summary>
    internal string? FirstName(ShopperContact? contact) =>
        contact?.NameProtected is { Length: > 0 } name && protector.Unprotect(name) is { } whole && FirstNameOf(whole) is { Length: > 0 } first ? first : null;

    /// <summary>The first word; of a name in Chinese, Japanese or Korean letters, which put the family first, the whole.</summary>
    internal static string FirstNameOf(string name)
    {
        var words = name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return "";
        var isEastern = name.EnumerateRunes().Any(letter => Rune.GetUnicodeCategory(letter) == UnicodeCategory.OtherLetter && letter.Value >= 0x2E80);
        return isEastern ? string.Join(' ', words) : words[0].TrimEnd(',');
    }
}
