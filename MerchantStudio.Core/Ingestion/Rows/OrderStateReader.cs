using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <param name="Written">For the purchase: paid where money came in, though it may have gone back since; null when the file says nothing.</param>
/// <param name="IsKnown">False for a word that is none of ours; such a purchase counts only once its state is named as paid.</param>
/// <param name="RefundedWhole">All of the row's goods were paid back.</param>
/// <param name="CancelledAt">Microseconds since 1970 UTC; null when unknown.</param>
internal readonly record struct OrderState(string? Written, bool IsKnown, bool RefundedWhole, bool IsPartlyRefunded, long? CancelledAt);

/// <summary>Reads what became of an order from its state, its times of payment and cancellation and its refund state.</summary>
internal sealed class OrderStateReader(ColumnMap columns, ImportMapping mapping, TimestampParser times)
{
    private readonly StateWords _words = new(mapping);
    private readonly bool _tellsPayment = columns.Has(ColumnRole.PaidAt);

    /// <summary>Words of the column of states that somebody has to explain.</summary>
    public ImmutableArray<StateCount> Words => _words.Counts;

    public OrderState Read(DelimitedFile file)
    {
        var cell = columns.Cell(file, ColumnRole.OrderState);
        var word = Encoding.UTF8.GetString(cell);
        var state = word.Length == 0 ? null : _words.Read(cell);
        var isPaid = times.TryParse(columns.Cell(file, ColumnRole.PaidAt), out _);
        var cancelledAt = times.TryParse(columns.Cell(file, ColumnRole.CancelledAt), out var at) ? at : (long?)null;
        var refund = Encoding.UTF8.GetString(columns.Cell(file, ColumnRole.RefundState)) is { Length: > 0 } said ? Meaning(said) : null;
        var isKnown = word.Length == 0 || state is not null;
        if (word.Length == 0 && _tellsPayment) state = isPaid ? OrderStates.Paid : OrderStates.Pending;

        // An order that was paid and closed afterwards has been paid back.
        var whole = state == OrderStates.Refunded || refund == OrderStates.Refunded || (state == OrderStates.Cancelled && isPaid);
        var partly = !whole && (state == OrderStates.PartiallyRefunded || refund == OrderStates.PartiallyRefunded);
        if (whole || partly) state = OrderStates.Paid;
        else if (state == OrderStates.Pending && cancelledAt is not null) state = OrderStates.Cancelled;
        return new OrderState(state ?? (word.Length == 0 ? null : word), isKnown, whole, partly, cancelledAt);
    }

    private string? Meaning(string word) => mapping.OrderStates.TryGetValue(word, out var chosen) && OrderStates.All.Contains(chosen) ? chosen : OrderStates.Find(word);
}
