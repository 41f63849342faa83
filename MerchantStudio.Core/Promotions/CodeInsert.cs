using System.Data.Common;
using MerchantStudio.Core.AppState;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MerchantStudio.Core.Promotions;

/// <summary>Adds many codes by one prepared statement, whose names come from the model: EF's change tracker would take ten times as long for a hundred thousand rows.</summary>
internal sealed class CodeInsert : IAsyncDisposable
{
    private readonly DbCommand _command;
    private readonly DbParameter _code;
    private readonly DbParameter _lookup;
    private readonly DbParameter _shopper;

    private CodeInsert(DbCommand command, DbParameter code, DbParameter lookup, DbParameter shopper) => (_command, _code, _lookup, _shopper) = (command, code, lookup, shopper);

    public static async Task<CodeInsert> PrepareAsync(IModel model, DbTransaction transaction, CouponRule rule, DateTimeOffset given, CancellationToken cancellationToken, Guid? batch = null, int? mostUses = null)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Sql(model);
        Add("@workspace", rule.WorkspaceId.Value);
        // Microsoft.Data.Sqlite keeps a Guid as upper-case text, as EF does.
        Add("@rule", rule.Id);
        Add("@given", given.UtcTicks);
        Add("@batch", batch);
        Add("@most", mostUses);
        var insert = new CodeInsert(command, Add("@code", ""), Add("@lookup", ""), Add("@shopper", ""));
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return insert;

        DbParameter Add(string name, object? value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
            return parameter;
        }
    }

    /// <summary>False where the code exists already; nothing is added then.</summary>
    /// <param name="shopper">Null for a code that anybody may use.</param>
    public async Task<bool> TryAddAsync(string code, string? shopper, CancellationToken cancellationToken)
    {
        _code.Value = code;
        _lookup.Value = CodeText.Normalise(code);
        _shopper.Value = (object?)shopper ?? DBNull.Value;
        return await _command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Adds a new random code; one that exists already is drawn again.</summary>
    public async Task AddNewAsync(string prefix, string? shopper, CancellationToken cancellationToken)
    {
        while (!await TryAddAsync(CodeText.New(prefix), shopper, cancellationToken).ConfigureAwait(false))
        {
        }
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    private static string Sql(IModel model)
    {
        var entity = model.FindEntityType(typeof(CouponCode)) ?? throw new InvalidOperationException("CouponCode is not mapped.");
        var table = StoreObjectIdentifier.Table(entity.GetTableName()!, entity.GetSchema());
        var columns = string.Join(", ", ((string[])[nameof(CouponCode.WorkspaceId), nameof(CouponCode.RuleId), nameof(CouponCode.Code), nameof(CouponCode.Lookup), nameof(CouponCode.ShopperId), nameof(CouponCode.GivenAt), nameof(CouponCode.BatchId), nameof(CouponCode.MostUses), nameof(CouponCode.Uses)])
            .Select(property => Warehouse.Sql.Identifier(entity.FindProperty(property)!.GetColumnName(table)!)));
        return $"insert into {Warehouse.Sql.Identifier(entity.GetTableName()!)} ({columns}) values (@workspace, @rule, @code, @lookup, @shopper, @given, @batch, @most, 0) on conflict do nothing";
    }
}
