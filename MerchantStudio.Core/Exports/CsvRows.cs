namespace MerchantStudio.Core.Exports;

/// <summary>Rows as <see cref="CsvExport"/> writes them.</summary>
internal sealed class CsvRows(CsvExport csv) : RowExport
{
    public override RowExport Text(string? value) => Wrote(csv.Text(value));

    public override RowExport Number(long? value) => Wrote(csv.Number(value));

    public override RowExport Number(decimal? value, int decimals) => Wrote(csv.Number(value, decimals));

    public override RowExport Number(double? value, int decimals) => Wrote(csv.Number(value, decimals));

    public override RowExport Instant(DateTimeOffset? value) => Wrote(csv.Instant(value));

    public override ValueTask EndRowAsync(CancellationToken cancellationToken) => csv.EndRowAsync(cancellationToken);

    public override Task CompleteAsync(CancellationToken cancellationToken) => csv.FlushAsync(cancellationToken);

    private CsvRows Wrote(CsvExport _) => this;
}
