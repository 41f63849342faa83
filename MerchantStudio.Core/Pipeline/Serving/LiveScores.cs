using System.Collections.Concurrent;
using System.Collections.Frozen;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Pipeline.Serving;

/// <summary>
/// Answers for one shopper at once: models in use and features lie in memory. Features of shoppers with new events follow with the upkeep of live events, some
/// seconds behind them; a run replaces all of them, and a promotion or a way back replaces the model. Shops that nobody has asked about lie on the disk only.
/// </summary>
public sealed class LiveScores : IDisposable
{
    /// <summary>A snapshot that nobody has asked for this long is let go at the next change.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<WorkspaceId, Served> _shops = new();
    private readonly SnapshotReader _reader;
    private readonly ModelRegistry _registry;
    private readonly ModelFaults _faults;
    private readonly TimeProvider _time;

    /// <summary>What is said of a shop's shoppers may be another from now on. Raised on any thread.</summary>
    public event Action<WorkspaceId>? Changed;

    internal LiveScores(SnapshotReader reader, ModelRegistry registry, ModelFaults faults, TimeProvider time)
    {
        (_reader, _registry, _faults, _time) = (reader, registry, faults, time);
        _registry.Switched += RefreshModelsAsync;
    }

    /// <summary>What the models in use say of a shopper, without reasons. Waits only where the shop's snapshot is not in memory yet.</summary>
    /// <returns>A problem for a shop without models or a shopper nobody knows.</returns>
    public ValueTask<Outcome<ShopperScores>> FindAsync(WorkspaceScope scope, ShopperId shopper, CancellationToken cancellationToken) => FindAsync(scope, shopper, withReasons: false, cancellationToken);

    /// <summary>The same with what speaks for and against each chance, which takes longer.</summary>
    public ValueTask<Outcome<ShopperScores>> ExplainAsync(WorkspaceScope scope, ShopperId shopper, CancellationToken cancellationToken) => FindAsync(scope, shopper, withReasons: true, cancellationToken);

    /// <summary>How likely visits under way end in a purchase, without reasons. A shop without a model for it is not taken into memory.</summary>
    /// <returns>By shopper: of those asked for, those who are in a visit and have bought nothing in it.</returns>
    public async Task<Outcome<FrozenDictionary<string, VisitChance>>> VisitsAsync(WorkspaceScope scope, IEnumerable<string> shoppers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var snapshot = await _reader.ServesVisitsAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) ? await SnapshotAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) : null;
        var now = _time.GetUtcNow();
        return shoppers.Distinct().Select(shopper => (Shopper: shopper, Chance: snapshot?.VisitOf(shopper, withReasons: false, now))).Where(visit => visit.Chance is not null).ToFrozenDictionary(visit => visit.Shopper, visit => visit.Chance!, StringComparer.Ordinal);
    }

    /// <summary>A shopper's features as they are now, of the columns that models may use.</summary>
    internal async Task<Outcome<FeatureMatrix>> FeaturesAsync(WorkspaceScope scope, ShopperId shopper, CancellationToken cancellationToken)
    {
        var snapshot = await SnapshotAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (snapshot is null) return new CustomersNotReady();
        return snapshot.RowOf(shopper.Value) is { } row ? row.Features : new CustomerUnknown(shopper.Value);
    }

    /// <summary>Takes in the features that upkeep has written.</summary>
    internal Task RefreshShoppersAsync(WorkspaceId workspace, CancellationToken cancellationToken) => ChangeAsync(workspace, (snapshot, token) => _reader.WithChangesAsync(workspace, snapshot, token), cancellationToken);

    /// <summary>Takes in a whole new run.</summary>
    internal Task RefreshAllAsync(WorkspaceId workspace, CancellationToken cancellationToken) => ChangeAsync(workspace, (_, token) => _reader.ReadAsync(workspace, token), cancellationToken);

    public void Dispose()
    {
        _registry.Switched -= RefreshModelsAsync;
        foreach (var shop in _shops.Values) shop.Dispose();
    }

    private Task RefreshModelsAsync(WorkspaceId workspace, CancellationToken cancellationToken) => ChangeAsync(workspace, (snapshot, token) => _reader.WithModelsAsync(workspace, snapshot, token), cancellationToken);

    private ValueTask<Outcome<ShopperScores>> FindAsync(WorkspaceScope scope, ShopperId shopper, bool withReasons, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.LookUpCustomer) is { } refusal && scope.Refusal(Right.ReadFigures) is not null) return ValueTask.FromResult<Outcome<ShopperScores>>(refusal);
        if (_shops.TryGetValue(scope.Workspace, out var shop) && shop.Snapshot is { } snapshot)
        {
            shop.AskedAt = _time.GetTimestamp();
            return ValueTask.FromResult(snapshot.Find(shopper, withReasons, _time.GetUtcNow()));
        }

        return LoadAndFindAsync(scope.Workspace, shopper, withReasons, cancellationToken);
    }

    private async ValueTask<Outcome<ShopperScores>> LoadAndFindAsync(WorkspaceId workspace, ShopperId shopper, bool withReasons, CancellationToken cancellationToken) =>
        await SnapshotAsync(workspace, cancellationToken).ConfigureAwait(false) is { } snapshot ? snapshot.Find(shopper, withReasons, _time.GetUtcNow()) : new ScoresNotReady();

    private async Task<ServingSnapshot?> SnapshotAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var shop = _shops.GetOrAdd(workspace, _ => new Served());
        shop.AskedAt = _time.GetTimestamp();
        if (shop.Snapshot is { } there) return there;
        var read = new Refreshed(null, []);
        await shop.Changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (shop.Snapshot is { } before) return before;
            read = await _reader.ReadAsync(workspace, cancellationToken).ConfigureAwait(false);
            shop.Snapshot = read.Snapshot;
        }
        finally
        {
            shop.Changing.Release();
        }

        await NoteAsync(workspace, read, cancellationToken).ConfigureAwait(false);
        return read.Snapshot;
    }

    /// <summary>Makes the next snapshot beside the present one, which answers until then.</summary>
    private async Task ChangeAsync(WorkspaceId workspace, Func<ServingSnapshot, CancellationToken, Task<Refreshed>> next, CancellationToken cancellationToken)
    {
        if (!_shops.TryGetValue(workspace, out var shop)) return;
        var read = new Refreshed(null, []);
        await shop.Changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (shop.Snapshot is { } present)
            {
                if (_time.GetElapsedTime(shop.AskedAt) <= Kept) read = await next(present, cancellationToken).ConfigureAwait(false);
                shop.Snapshot = read.Snapshot;
            }
        }
        finally
        {
            shop.Changing.Release();
        }

        Changed?.Invoke(workspace);
        await NoteAsync(workspace, read, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Not while the snapshot is being changed: a model that is switched off makes way for another, and that changes it too.</summary>
    private async Task NoteAsync(WorkspaceId workspace, Refreshed read, CancellationToken cancellationToken)
    {
        foreach (var answer in read.Brought) await _faults.NoteAsync(workspace, answer.Version, answer.Problem, cancellationToken).ConfigureAwait(false);
    }

    private sealed class Served : IDisposable
    {
        private volatile ServingSnapshot? _snapshot;
        private long _askedAt;

        public SemaphoreSlim Changing { get; } = new(1, 1);

        public ServingSnapshot? Snapshot
        {
            get => _snapshot;
            set => _snapshot = value;
        }

        public long AskedAt
        {
            get => Interlocked.Read(ref _askedAt);
            set => Interlocked.Exchange(ref _askedAt, value);
        }

        public void Dispose() => Changing.Dispose();
    }
}
