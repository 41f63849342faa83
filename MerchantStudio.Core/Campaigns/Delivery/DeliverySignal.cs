using System.Diagnostics.CodeAnalysis;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>Wakes the worker when there is something to do.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore holds nothing unless its wait handle is asked for.")]
public sealed class DeliverySignal
{
    private readonly SemaphoreSlim _ringing = new(0, 1);

    public void Ring()
    {
        try
        {
            _ringing.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    /// <summary>Until it rings, or so long.</summary>
    internal Task WaitAsync(TimeSpan most, CancellationToken cancellationToken) => _ringing.WaitAsync(most, cancellationToken);
}
