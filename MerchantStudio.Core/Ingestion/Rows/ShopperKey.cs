using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>The id of a row's shopper. Where a file knows shoppers by e-mail, phone or name, the id is a keyed hash of it: the contact itself never reaches the warehouse readable.</summary>
internal sealed class ShopperKey
{
    /// <summary>64 bits: among ten million shoppers the chance of one pair alike is three in a million.</summary>
    private const int Letters = 16;

    private static readonly ColumnRole[] Contacts = [ColumnRole.Email, ColumnRole.Phone, ColumnRole.CustomerName];
    private readonly ColumnMap _columns;
    private readonly IContactProtector _protector;
    private readonly ColumnRole[] _roles;
    private readonly byte[] _bytes = new byte[Letters * 4];
    private string _lastContact = "";
    private int _lastLength;

    public ShopperKey(ColumnMap columns, ImportMapping mapping, IContactProtector protector)
    {
        _columns = columns;
        _protector = protector;
        ColumnRole[] order = mapping.ShopperByContact ? [ColumnRole.Email, ColumnRole.Phone, ColumnRole.UserId, ColumnRole.CustomerName] : [ColumnRole.UserId, .. Contacts];
        _roles = [.. order.Where(columns.Has)];
    }

    /// <returns>Empty when the row names nobody; valid until the next call.</returns>
    public ReadOnlySpan<byte> Of(DelimitedFile file)
    {
        foreach (var role in _roles)
        {
            var cell = _columns.Cell(file, role);
            if (cell.IsEmpty) continue;
            if (role == ColumnRole.UserId) return cell;
            var contact = Normalise(role, Encoding.UTF8.GetString(cell));
            if (contact.Length > 0) return Hashed(contact);
        }

        return default;
    }

    /// <summary>The form in which two writings of one contact are alike.</summary>
    public static string Normalise(ColumnRole role, string contact) => role == ColumnRole.Phone
        ? string.Concat(contact.Normalize(NormalizationForm.FormKC).Where(letter => char.IsAsciiDigit(letter) || letter is '+' or '*'))
        : contact.Normalize(NormalizationForm.FormKC).Trim().ToLowerInvariant();

    /// <summary>An order's lines name the same contact one after the other.</summary>
    private ReadOnlySpan<byte> Hashed(string contact)
    {
        if (contact != _lastContact)
        {
            var hash = _protector.Hash(contact);
            _lastLength = Encoding.UTF8.GetBytes(hash.AsSpan(0, Math.Min(hash.Length, Letters)), _bytes);
            _lastContact = contact;
        }

        return _bytes.AsSpan(0, _lastLength);
    }
}
