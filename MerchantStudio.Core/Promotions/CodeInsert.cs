using System.Data.Common;
using MerchantStudio.Core.AppState;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MerchantStudio.Core.Promotions;

/// <summary>The statement that adds one code; names come from the model, and a code that exists already adds nothing.</summary>
internal static class CodeInsert
{
    public static string Sql(IModel model)
    {
        var entity = model.FindEntityType(typeof(CouponCode)) ?? throw new InvalidOperationException("CouponCode is not mapped.");
        var table = StoreObjectIdentifier.Table(entity.GetTableName()!, entity.GetSchema());
        var columns = string.Join(", ", ((string[])[nameof(CouponCode.WorkspaceId), nameof(CouponCode.RuleId), nameof(CouponCode.Code), nameof(CouponCode.ShopperId), nameof(CouponCode.GivenAt), nameof(CouponCode.Uses)])
            .Select(property => Warehouse.Sql.Identifier(entity.FindProperty(property)!.GetColumnName(table)!)));
        return $"insert into {Warehouse.Sql.Identifier(entity.GetTableName()!)} ({columns}) values (@workspace, @rule, @code, @shopper, @given, 0) on conflict do nothing";
    }

    /// <returns>The two parameters that change from row to row.</returns>
    public static (DbParameter Code, DbParameter Shopper) Bind(DbCommand command, CouponRule rule, DateTimeOffset given)
    {
        Add("@workspace", rule.WorkspaceId.Value);
        // Microsoft.Data.Sqlite keeps a Guid as upper-case text, as EF does.
        Add("@rule", rule.Id);
        Add("@given", given.UtcTicks);
        return (Add("@code", ""), Add("@shopper", ""));

        DbParameter Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
            return parameter;
        }
    }
}
