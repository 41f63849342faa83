using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>Sends what is due, each target at its own pace: one that takes a minute for an answer delays nobody else.</summary>
public sealed class DeliveryWorker(DeliveryQueue queue, DeliverySender sender, DeliverySignal signal, DeliveryRetention retention, IOptions<MessagingOptions> options, TimeProvider clock, ILogger<DeliveryWorker> log)
{
    /// <summary>Taken from a target at once. One that fails is asked with a single message until it answers again.</summary>
    private const int Batch = 32;
    private const int MostTargets = 256;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Task> _busy = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _failing = new(StringComparer.Ordinal);

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var released = false;
        try
        {
            while (true)
            {
                try
                {
                    if (!released) await queue.ReleaseAllAsync(stopping).ConfigureAwait(false);
                    released = true;
                    await StartDueAsync(stopping).ConfigureAwait(false);
                    await retention.RunIfDueAsync(stopping).ConfigureAwait(false);
                }
                catch (Exception fault) when (IsOfDatabase(fault))
                {
                    log.LogWarning(fault, "The messages that wait cannot be read; trying again.");
                }

                await signal.WaitAsync(LookAgain, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(_busy.Values).ConfigureAwait(false);
        }
    }

    /// <summary>Starts on every target that has something due and is not being worked on.</summary>
    internal async Task StartDueAsync(CancellationToken stopping)
    {
        foreach (var target in await queue.DueTargetsAsync(stopping).ConfigureAwait(false))
        {
            if (_busy.Count >= MostTargets) return;
            var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_busy.TryAdd(target, SendAllAsync(begin.Task, target, stopping))) begin.SetResult();
            else begin.SetCanceled(CancellationToken.None);
        }
    }

    /// <summary>Until everything that was begun has ended.</summary>
    internal Task IdleAsync() => Task.WhenAll(_busy.Values);

    private async Task SendAllAsync(Task begin, string target, CancellationToken stopping)
    {
        try
        {
            await begin.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            while (await queue.TakeAsync(target, _failing.ContainsKey(target) ? 1 : Batch, stopping).ConfigureAwait(false) is { } batch) await SendAsync(target, batch, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was taken has been given back.
        }
        catch (Exception fault) when (IsOfDatabase(fault))
        {
            log.LogWarning(fault, "The state of messages cannot be written down; they are sent again when their lease has ended.");
        }
        catch (Exception fault)
        {
            // The last resort for a bug: this target waits for the next look, the others go on.
            log.LogError(fault, "Sending messages failed.");
        }
        finally
        {
            await sender.RestAsync(target).ConfigureAwait(false);
            _busy.TryRemove(target, out _);
        }
    }

    private async Task SendAsync(string target, TakenBatch batch, CancellationToken stopping)
    {
        var results = new ConcurrentDictionary<Guid, SendResult>();
        IReadOnlyDictionary<Guid, Verdict> verdicts = ImmutableDictionary<Guid, Verdict>.Empty;
        try
        {
            verdicts = await queue.RecheckAsync(batch, stopping).ConfigureAwait(false);
            var open = batch.Deliveries.Where(row => verdicts[row.Id] is { Reason: DeliveryReason.None, IsPostponed: false });
            await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelPerTarget, CancellationToken = stopping }, async (row, cancel) =>
                results[row.Id] = await TryAsync(batch, row, cancel).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            // Even while the process is being stopped: what was sent must not be sent again.
            await WriteAsync(batch, results, verdicts, stopping).ConfigureAwait(false);
        }

        if (results.IsEmpty) return;
        if (results.Values.Any(result => result.IsSent)) _failing.TryRemove(target, out _);
        else _failing[target] = true;
    }

    private async Task<SendResult> TryAsync(TakenBatch batch, AppState.Delivery row, CancellationToken cancellationToken)
    {
        try
        {
            return await sender.SendAsync(batch, row, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The last resort for a bug: one message must not keep the others of its target back.
            log.LogError("Message {Delivery} could not be sent: {Fault}", row.Id, fault.GetType().Name);
            return new SendResult(null, SendFault.Program);
        }
    }

    /// <summary>On a full disk it waits for room for as long as the lease holds.</summary>
    private async Task WriteAsync(TakenBatch batch, ConcurrentDictionary<Guid, SendResult> results, IReadOnlyDictionary<Guid, Verdict> verdicts, CancellationToken stopping)
    {
        var until = clock.GetUtcNow() + (DeliveryQueue.LeaseTime / 2);
        while (true)
        {
            try
            {
                await queue.WriteAsync(batch, results, verdicts, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (Exception fault) when (IsOfDatabase(fault) && !stopping.IsCancellationRequested && clock.GetUtcNow() < until)
            {
                log.LogWarning(fault, "The state of messages cannot be written down yet.");
                await Task.Delay(LookAgain, clock, stopping).ConfigureAwait(false);
            }
        }
    }

    private static bool IsOfDatabase(Exception fault) => fault is DbException or DbUpdateException or TransactionLostException;
}
