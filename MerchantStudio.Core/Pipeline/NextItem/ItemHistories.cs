using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.NextItem;

/// <summary>Which products each shopper met, in the order in which she first looked at, kept, put in the basket or bought them.</summary>
/// <param name="Items">Names of ids 1, 2, 3..., the most met first.</param>
/// <param name="Sequences">One a shopper, each product once.</param>
internal sealed record ItemHistories(ImmutableArray<string> Items, ImmutableArray<int[]> Sequences)
{
    /// <summary>Products met by fewer shoppers teach nothing that holds.</summary>
    public const int FewestShoppers = 3;

    private const int MostItems = 20_000;
    private const int LongestHistory = 100;

    private const string First = """
        select user_id, item_id, min(ts) as first_at from clean_events
        where item_id is not null and user_id is not null and event_type in ('view', 'favorite', 'add_to_cart', 'purchase')
        """;

    public static async Task<ItemHistories> ReadAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        var items = await warehouse.QueryAsync(
            $"select item_id from ({First} group by 1, 2) f group by 1 having count(*) >= $1 order by count(*) desc, item_id limit $2", row => row.Text(0)!, [(long)FewestShoppers, (long)MostItems], cancellationToken).ConfigureAwait(false);
        var ids = Ids(items);
        var sequences = ImmutableArray.CreateBuilder<int[]>();
        var (shopper, steps) = ((string?)null, new List<int>());
        foreach (var (user, item) in await warehouse.QueryAsync($"select user_id, item_id from ({First} group by 1, 2) f order by user_id, first_at, item_id", row => (row.Text(0)!, row.Text(1)!), [], cancellationToken).ConfigureAwait(false))
        {
            if (user != shopper)
            {
                Close();
                shopper = user;
            }

            if (ids.TryGetValue(item, out var id)) steps.Add(id);
        }

        Close();
        return new ItemHistories(items, sequences.ToImmutable());

        void Close()
        {
            if (steps.Count > 0) sequences.Add([.. steps.TakeLast(LongestHistory)]);
            steps.Clear();
        }
    }

    /// <summary>One shopper's products by name, oldest first.</summary>
    public static async Task<ImmutableArray<string>> OfAsync(WorkspaceWarehouse warehouse, string shopper, CancellationToken cancellationToken) =>
        await warehouse.QueryAsync($"select item_id from ({First} and user_id = $1 group by 1, 2) f order by first_at, item_id", row => row.Text(0)!, [shopper], cancellationToken).ConfigureAwait(false);

    public static Dictionary<string, int> Ids(ImmutableArray<string> items) => items.Select((item, at) => (item, at)).ToDictionary(pair => pair.item, pair => pair.at + 1, StringComparer.Ordinal);

    /// <summary>SHA-256 over the products and every history: with the same hash, the same rows in the same order.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in Items) hash.AppendData(Encoding.UTF8.GetBytes(item + "\n"));
        foreach (var sequence in Sequences)
        {
            hash.AppendData(BitConverter.GetBytes(sequence.Length));
            hash.AppendData(MemoryMarshal.AsBytes(sequence.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
