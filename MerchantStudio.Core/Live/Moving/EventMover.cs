using System.Collections.Immutable;
using MerchantStudio.Core.Features.Identities;
using MerchantStudio.Core.Live.Journal;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Live.Moving;

/// <summary>
/// Takes journal records into the warehouse. The place up to which they are there is written in the same transaction, so that a
/// kill at any moment neither loses nor doubles an event.
/// </summary>
internal static class EventMover
{
    private const int RowsAtOnce = 20_000;

    /// <summary>A shopper who is known by her address alone has the id that an import of orders gives her.</summary>
    private const int GuestLetters = 16;

    private const int HashesAtOnce = 500;

    /// <summary>Where moving stands; at the beginning for a warehouse that has never seen a live event.</summary>
    public static async Task<JournalPosition> PositionAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        var found = await warehouse.QueryAsync("select segment, position from live_position", row => new JournalPosition(row.Long(0), row.Long(1)), [], cancellationToken).ConfigureAwait(false);
        return found.IsEmpty ? default : found[0];
    }

    /// <summary>Moves what can be moved in one transaction.</summary>
    /// <returns>Where moving stands afterwards, and whether something that cannot be read stands there.</returns>
    public static async Task<(JournalPosition Position, long Rows, bool Damaged)> MoveAsync(
        WorkspaceWarehouse warehouse, JournalFolder folder, JournalPosition from, JournalPosition durable, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var end = from.Segment == durable.Segment ? durable.Offset : folder.LengthOf(from.Segment);
        var records = JournalRecords.Read(folder.PathOf(from.Segment), from.Offset, end, RowsAtOnce, out var next, out var damaged);
        var to = new JournalPosition(from.Segment, next);

        // A segment that is read to its end, or to where it breaks off, is done once a later one has begun.
        if (to.Segment < durable.Segment && (damaged || next >= end)) to = new JournalPosition(folder.Segments().Where(number => number > from.Segment).DefaultIfEmpty(durable.Segment).Min(), 0);
        if (to == from) return (from, 0, damaged);

        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var firstLine = await session.ScalarAsync<long?>("select next_line from live_position", [], cancellationToken).ConfigureAwait(false) ?? 1;
        var batch = await BatchAsync(records, firstLine, session, cancellationToken).ConfigureAwait(false);
        var repeated = 0L;
        if (batch.Rows > 0)
        {
            EventRowsWriter.Write(batch, session);
            await ChangedOrders.ApplyAsync(batch, session, cancellationToken).ConfigureAwait(false);
            repeated = await RepeatedRows.RemoveAsync(firstLine, session, cancellationToken).ConfigureAwait(false);
        }

        if (records.Count > 0) await LiveCounts.WriteAsync(records, repeated, now, session, cancellationToken).ConfigureAwait(false);
        if (batch.NextLine > firstLine) await IdentityStitcher.StitchLiveAsync(session, now, firstLine, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("delete from live_position", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("insert into live_position values ($1, $2, $3)", [to.Segment, to.Offset, batch.NextLine], cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        return (to, batch.Rows, damaged);
    }

    /// <summary>Gives rows and claims their lines, and those with an address alone the customer or guest whose it is.</summary>
    private static async Task<MovedBatch> BatchAsync(List<LiveRecord> records, long firstLine, WarehouseSession session, CancellationToken cancellationToken)
    {
        var customers = await CustomersAsync(records, session, cancellationToken).ConfigureAwait(false);
        var line = firstLine;
        var rows = ImmutableArray.CreateBuilder<MovedRow>();
        var claims = ImmutableArray.CreateBuilder<MovedClaim>();
        foreach (var record in records)
        {
            foreach (var row in record.Rows) rows.Add(new MovedRow(line++, record.ReceivedAt, row with { UserId = row.UserId ?? Customer(row.EmailHash) }));
            foreach (var claim in record.Claims) claims.Add(new MovedClaim(line++, claim with { UserId = claim.UserId ?? Customer(claim.EmailHash) }));
        }

        return new MovedBatch(rows.ToImmutable(), claims.ToImmutable(), line);

        string? Customer(string? hash) => hash is null ? null : customers.GetValueOrDefault(hash) ?? hash[..GuestLetters];
    }

    private static async Task<Dictionary<string, string>> CustomersAsync(List<LiveRecord> records, WarehouseSession session, CancellationToken cancellationToken)
    {
        var hashes = records.SelectMany(record => record.Rows.Where(row => row.UserId is null).Select(row => row.EmailHash).Concat(record.Claims.Where(claim => claim.UserId is null).Select(claim => claim.EmailHash)))
            .Where(hash => hash is not null).Distinct().ToList();
        var found = new Dictionary<string, string>();
        foreach (var some in hashes.Chunk(HashesAtOnce))
        {
            var places = string.Join(", ", some.Select((_, index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"${index + 1}")));
            var customers = await session.QueryAsync(
                $"select email_hash, min(user_id) from customers where user_id is not null and email_hash in ({places}) group by 1", row => (Hash: row.Text(0)!, User: row.Text(1)!), some, cancellationToken).ConfigureAwait(false);
            foreach (var (hash, user) in customers) found[hash] = user;
        }

        return found;
    }
}

/// <param name="Line">Running number of the row among all live ones of the workspace.</param>
internal sealed record MovedRow(long Line, long ReceivedAt, LiveRow Row);

internal sealed record MovedClaim(long Line, LiveClaim Claim);

/// <param name="NextLine">The first number that is free.</param>
internal sealed record MovedBatch(ImmutableArray<MovedRow> Events, ImmutableArray<MovedClaim> Claims, long NextLine)
{
    public int Rows => Events.Length + Claims.Length;
}
