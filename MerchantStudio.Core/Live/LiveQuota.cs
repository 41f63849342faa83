using System.Collections.Concurrent;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Live;

/// <summary>
/// Each key's share, so that a noisy shop does not slow the others. A request is admitted while anything of the share is left and charged when its events are
/// known; what it overdraws has to grow back first, so that a refusal needs neither body nor disk.
/// </summary>
public sealed class LiveQuota(IOptions<LiveOptions> options, TimeProvider clock)
{
    private const int SecondsSaved = 2;
    private const int BytesOfAnEvent = 1_024;
    private readonly ConcurrentDictionary<(string Workspace, string Key), Share> _shares = new();

    /// <returns>Null while the key may send, else when it may again.</returns>
    public Problem? Refusal(KeyHolder holder)
    {
        var left = ShareOf(holder).Left(0);
        var rate = options.Value.EventsPerSecond;
        return left > 0 ? null : new LiveOverQuota(rate, Math.Max(1, (int)Math.Ceiling(-left / rate)));
    }

    /// <summary>Takes what a request came to off the key's share: its events, and no less than its size stands for.</summary>
    public void Charge(KeyHolder holder, int events, int bytes) => ShareOf(holder).Left(Math.Max(1, Math.Max(events, bytes / BytesOfAnEvent)));

    private Share ShareOf(KeyHolder holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        return _shares.GetOrAdd((holder.Workspace.Value, holder.Prefix), _ => new Share(options.Value.EventsPerSecond, clock));
    }

    private sealed class Share(int perSecond, TimeProvider clock)
    {
        private readonly Lock _lock = new();
        private double _left = perSecond * SecondsSaved;
        private long _seen = clock.GetTimestamp();

        /// <returns>Events left after taking some; negative when overdrawn.</returns>
        public double Left(int taken)
        {
            lock (_lock)
            {
                var now = clock.GetTimestamp();
                _left = Math.Min(perSecond * SecondsSaved, _left + (clock.GetElapsedTime(_seen, now).TotalSeconds * perSecond)) - taken;
                _seen = now;
                return _left;
            }
        }
    }
}
