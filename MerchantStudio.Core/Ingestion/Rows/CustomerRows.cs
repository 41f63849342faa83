using System.Globalization;
using System.Text;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Contact fields never reach the warehouse readable: they are protected here, with a keyed hash of the normalised form for matching.</summary>
internal sealed class CustomerRows : CatalogueRows
{
    private static readonly string[] Written =
        ["user_id", "name_protected", "email_protected", "email_hash", "phone_protected", "phone_hash", "country", "city", "gender", "birth_year", "joined_at", "email_consent"];

    private readonly ImportMapping _mapping;
    private readonly TimestampParser _times;
    private readonly ShopperKey _shopper;
    private TimeRange _range = new();
    private int? _birthYear;
    private long? _joined;

    public CustomerRows(RowTarget target, ColumnMap columns, ImportMapping mapping)
        : base(target, columns, "customers", Written)
    {
        _mapping = mapping;
        _times = new TimestampParser(target.Zone, mapping.DateOrder);
        _shopper = new ShopperKey(columns, mapping, target.Contacts);
    }

    public override DateTimeOffset? FirstAt => _range.First;
    public override DateTimeOffset? LastAt => _range.Last;

    protected override (RejectCode Code, ColumnRole Role) Convert(DelimitedFile file)
    {
        if (_shopper.Of(file).IsEmpty) return (RejectCode.MissingId, ColumnRole.UserId);
        var year = Columns.Cell(file, ColumnRole.BirthYear);
        _birthYear = null;
        if (!year.IsEmpty)
        {
            if (!int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var born)) return (RejectCode.NotAWholeNumber, ColumnRole.BirthYear);
            _birthYear = born;
        }

        var joined = Columns.Cell(file, ColumnRole.JoinedAt);
        _joined = null;
        if (joined.IsEmpty) return default;
        if (!_times.TryParse(joined, out var micros)) return (EventRows.RejectOf(joined, _mapping), ColumnRole.JoinedAt);
        _joined = micros;
        return default;
    }

    protected override void Append(DelimitedFile file)
    {
        Rows.Utf8(2, _shopper.Of(file));
        Name(file);
        Contact(file, ColumnRole.Email, 4, 5);
        Contact(file, ColumnRole.Phone, 6, 7);
        Text(8, file, ColumnRole.Country);
        Text(9, file, ColumnRole.City);
        Text(10, file, ColumnRole.Gender);
        if (_birthYear is { } year) Rows.Int(11, year);
        if (_joined is { } micros)
        {
            Rows.Instant(12, micros);
            _range.Add(micros);
        }

        if (Consent(Columns.Cell(file, ColumnRole.EmailConsent)) is { } agreed) Rows.Boolean(13, agreed);
    }

    private void Name(DelimitedFile file)
    {
        var name = $"{Encoding.UTF8.GetString(Columns.Cell(file, ColumnRole.CustomerName))} {Encoding.UTF8.GetString(Columns.Cell(file, ColumnRole.LastName))}".Trim();
        if (name.Length > 0) Rows.Text(3, Target.Contacts.Protect(name));
    }

    private void Contact(DelimitedFile file, ColumnRole role, int protectedColumn, int hashColumn)
    {
        var cell = Columns.Cell(file, role);
        if (cell.IsEmpty) return;
        var contact = Encoding.UTF8.GetString(cell);
        Rows.Text(protectedColumn, Target.Contacts.Protect(contact));
        Rows.Text(hashColumn, Target.Contacts.Hash(ShopperKey.Normalise(role, contact)));
    }

    /// <summary>Null when the cell says neither yes nor no; then nobody may be written to.</summary>
    private static bool? Consent(ReadOnlySpan<byte> cell) => Encoding.UTF8.GetString(cell).ToLowerInvariant() switch
    {
        "1" or "true" or "yes" or "y" or "t" or "是" => true,
        "0" or "false" or "no" or "n" or "f" or "否" => false,
        _ => null,
    };
}
