using System.Collections.Concurrent;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>
/// Keeps what shops give in memory. It is read anew while it is asked for, four times a second and beside the answers, so that a rule that was paused, here or by another process, is gone
/// within a second; after a silence the first answer waits for the reading.
/// </summary>
internal sealed class LiveOffersCache(LiveOffersReader reader, ShopperMemory shoppers, TimeProvider time)
{
    /// <summary>Older than this it is read anew beside the answers.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    /// <summary>Older than this nobody is answered from it.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromMilliseconds(800);

    private readonly ConcurrentDictionary<WorkspaceId, Kept> _shops = new();

    public ValueTask<LiveOffers> NowAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var shop = _shops.GetOrAdd(workspace, _ => new Kept());
        if (shop.Last is { } last)
        {
            var age = time.GetElapsedTime(last.Began);
            if (age < Oldest)
            {
                if (age >= Fresh) _ = ReadAsync(workspace, shop);
                return ValueTask.FromResult(last.Offers);
            }
        }

        return new ValueTask<LiveOffers>(WaitAsync(workspace, shop, cancellationToken));
    }

    private async Task<LiveOffers> WaitAsync(WorkspaceId workspace, Kept shop, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var read = await ReadAsync(workspace, shop).WaitAsync(cancellationToken).ConfigureAwait(false);

        // One that began long before may not know what had changed when this was asked.
        return time.GetElapsedTime(read.Began, asked) < Oldest ? read.Offers : (await ReadAsync(workspace, shop).WaitAsync(cancellationToken).ConfigureAwait(false)).Offers;
    }

    /// <summary>One reading at a time; whoever comes while it is under way shares it.</summary>
    private Task<Read> ReadAsync(WorkspaceId workspace, Kept shop)
    {
        lock (shop)
        {
            return shop.Reading is { IsCompleted: false } reading ? reading : shop.Reading = Task.Run(() => OnceAsync(workspace, shop));
        }
    }

    private async Task<Read> OnceAsync(WorkspaceId workspace, Kept shop)
    {
        var began = time.GetTimestamp();
        var before = shop.Last?.Offers;
        var offers = await reader.ReadAsync(workspace, before, CancellationToken.None).ConfigureAwait(false);
        if (before is not null && (offers.Context.AsOf != before.Context.AsOf || offers.Needs != before.Needs)) shoppers.ForgetAll(workspace);
        else if (before is not null && offers.Written != before.Written) shoppers.Forget(workspace, await reader.ChangedAsync(workspace, before.Written, CancellationToken.None).ConfigureAwait(false));
        return shop.Last = new Read(offers, began);
    }

    private sealed record Read(LiveOffers Offers, long Began);

    private sealed class Kept
    {
        private volatile Read? _last;

        public Task<Read>? Reading { get; set; }

        public Read? Last
        {
            get => _last;
            set => _last = value;
        }
    }
}
