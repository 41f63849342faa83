namespace MerchantStudio.Core.Exports;

/// <summary>A column of rows that are written one after the other.</summary>
/// <param name="Name">In JSON and Parquet; CSV has a header in the reader's language.</param>
public sealed record RowColumn(string Name, CellKind Kind);

/// <summary>Takes rows cell by cell, in the order of their columns, and writes them in a format.</summary>
public abstract class RowExport : IAsyncDisposable
{
    public abstract RowExport Text(string? value);

    public abstract RowExport Number(long? value);

    /// <param name="decimals">Digits after the point, as shown on the screen.</param>
    public abstract RowExport Number(decimal? value, int decimals);

    /// <param name="decimals">Digits after the point, as shown on the screen; not a number is left empty.</param>
    public abstract RowExport Number(double? value, int decimals);

    public abstract RowExport Instant(DateTimeOffset? value);

    public abstract ValueTask EndRowAsync(CancellationToken cancellationToken);

    /// <summary>Writes what is left; without it the file is not whole.</summary>
    public abstract Task CompleteAsync(CancellationToken cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    protected virtual ValueTask CloseAsync() => default;
}
