using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MerchantStudio.Core.Promotions;

/// <summary>Adds many codes by prepared statements, whose names come from the model: EF's change tracker would take ten times as long for a hundred thousand rows.</summary>
internal sealed class CodeInsert : IAsyncDisposable
{
    /// <summary>A round trip to a server takes as long for one row as for these.</summary>
    private const int RowsAtOnce = 200;

    private readonly Statement _one;
    private readonly Statement _many;

    private CodeInsert(Statement one, Statement many) => (_one, _many) = (one, many);

    /// <param name="referral">The programme whose advocates the shoppers are: their friends may use the codes.</param>
    public static async Task<CodeInsert> PrepareAsync(IModel model, DbTransaction transaction, CouponRule rule, DateTimeOffset given, CancellationToken cancellationToken, Guid? batch = null, int? mostUses = null, Guid? campaign = null, Guid? referral = null)
    {
        return new CodeInsert(await OfAsync(1).ConfigureAwait(false), await OfAsync(RowsAtOnce).ConfigureAwait(false));

        async Task<Statement> OfAsync(int rows)
        {
            var command = transaction.Connection!.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = Sql(model, rows, referral is null ? nameof(CouponCode.ShopperId) : nameof(CouponCode.AdvocateId));
            Add("@workspace", rule.WorkspaceId.Value);
            // Microsoft.Data.Sqlite keeps a Guid as upper-case text, as EF does.
            Add("@rule", rule.Id);
            Add("@given", given.UtcTicks);
            Add("@batch", batch);
            Add("@most", mostUses);
            Add("@campaign", campaign);
            Add("@referral", referral);
            var statement = new Statement(command, [.. Enumerable.Range(0, rows).Select(row => new Row(Add(Numbered("@code", row), ""), Add(Numbered("@lookup", row), ""), Add(Numbered("@shopper", row), "")))]);
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return statement;

            DbParameter Add(string name, object? value)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.Value = value ?? DBNull.Value;
                command.Parameters.Add(parameter);
                return parameter;
            }
        }
    }

    /// <summary>False where the code exists already; nothing is added then.</summary>
    /// <param name="shopper">Null for a code that anybody may use.</param>
    public async Task<bool> TryAddAsync(string code, string? shopper, CancellationToken cancellationToken)
    {
        _one.Rows[0].Set(code, shopper);
        return (await _one.AddedAsync(cancellationToken).ConfigureAwait(false)).Count == 1;
    }

    /// <summary>Adds a new random code for each of these; one that exists already is drawn again.</summary>
    /// <param name="shoppers">Null for a code that anybody may use.</param>
    public async Task AddNewAsync(string prefix, IEnumerable<string?> shoppers, CancellationToken cancellationToken)
    {
        foreach (var chunk in shoppers.Chunk(RowsAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = chunk.AsEnumerable();
            if (chunk.Length == RowsAtOnce)
            {
                for (var row = 0; row < chunk.Length; row++) _many.Rows[row].Set(CodeText.New(prefix), chunk[row]);
                var added = await _many.AddedAsync(cancellationToken).ConfigureAwait(false);
                left = chunk.Where((_, row) => !added.Remove((string)_many.Rows[row].Lookup.Value!));
            }

            foreach (var shopper in left)
            {
                while (!await TryAddAsync(CodeText.New(prefix), shopper, cancellationToken).ConfigureAwait(false))
                {
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _one.Command.DisposeAsync().ConfigureAwait(false);
        await _many.Command.DisposeAsync().ConfigureAwait(false);
    }

    /// <param name="owner">What a code's shopper is to it.</param>
    private static string Sql(IModel model, int rows, string owner)
    {
        var entity = model.FindEntityType(typeof(CouponCode)) ?? throw new InvalidOperationException("CouponCode is not mapped.");
        var table = StoreObjectIdentifier.Table(entity.GetTableName()!, entity.GetSchema());
        var columns = string.Join(", ", ((string[])[nameof(CouponCode.WorkspaceId), nameof(CouponCode.RuleId), nameof(CouponCode.Code), nameof(CouponCode.Lookup), owner, nameof(CouponCode.GivenAt), nameof(CouponCode.BatchId), nameof(CouponCode.MostUses), nameof(CouponCode.CampaignId), nameof(CouponCode.ReferralId), nameof(CouponCode.Uses)]).Select(Name));
        var values = string.Join(", ", Enumerable.Range(0, rows).Select(row => $"(@workspace, @rule, {Numbered("@code", row)}, {Numbered("@lookup", row)}, {Numbered("@shopper", row)}, @given, @batch, @most, @campaign, @referral, 0)"));
        return $"insert into {Warehouse.Sql.Identifier(entity.GetTableName()!)} ({columns}) values {values} on conflict do nothing returning {Name(nameof(CouponCode.Lookup))}";

        string Name(string property) => Warehouse.Sql.Identifier(entity.FindProperty(property)!.GetColumnName(table)!);
    }

    private static string Numbered(string name, int row) => name + row.ToString(CultureInfo.InvariantCulture);

    private sealed record Row(DbParameter Code, DbParameter Lookup, DbParameter Shopper)
    {
        public void Set(string code, string? shopper)
        {
            Code.Value = code;
            Lookup.Value = CodeText.Normalise(code);
            Shopper.Value = (object?)shopper ?? DBNull.Value;
        }
    }

    private sealed record Statement(DbCommand Command, ImmutableArray<Row> Rows)
    {
        /// <summary>What is looked up, of the codes that did not exist.</summary>
        public async Task<HashSet<string>> AddedAsync(CancellationToken cancellationToken)
        {
            var added = new HashSet<string>(StringComparer.Ordinal);
            var reader = await Command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) added.Add(reader.GetString(0));
            return added;
        }
    }
}
