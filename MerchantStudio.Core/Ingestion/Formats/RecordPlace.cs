namespace MerchantStudio.Core.Ingestion.Formats;

/// <summary>Where a row comes from: the record's number in the file and, for records that hold several rows, which of them it is. The first has the record's own number.</summary>
internal static class RecordPlace
{
    /// <summary>No file has as many records.</summary>
    private const long Records = 1_000_000_000_000;

    /// <param name="row">From 0.</param>
    public static long Of(long record, int row) => record + (row * Records);

    /// <summary>The record's number, to be shown.</summary>
    public static long RecordOf(long place) => place % Records;
}
