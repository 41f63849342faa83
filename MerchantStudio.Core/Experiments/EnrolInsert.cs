using System.Data.Common;
using System.Globalization;
using MerchantStudio.Core.AppState;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MerchantStudio.Core.Experiments;

/// <summary>Adds people to an experiment, many by one statement; who is in it already keeps her place. Names come from the model.</summary>
internal sealed class EnrolInsert : IAsyncDisposable
{
    public const int RowsAtOnce = 200;

    private readonly DbCommand _command;
    private readonly (DbParameter Shopper, DbParameter Arm)[] _rows;

    private EnrolInsert(DbCommand command, (DbParameter Shopper, DbParameter Arm)[] rows) => (_command, _rows) = (command, rows);

    public static async Task<EnrolInsert> PrepareAsync(IModel model, DbTransaction transaction, Experiment experiment, DateTimeOffset at, int rows, CancellationToken cancellationToken)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Sql(model, rows);
        Add("@workspace", experiment.WorkspaceId.Value);
        Add("@experiment", experiment.Id);
        Add("@at", at.UtcTicks);
        var insert = new EnrolInsert(command, [.. Enumerable.Range(0, rows).Select(row => (Add(Numbered("@shopper", row), ""), Add(Numbered("@arm", row), 0)))]);
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return insert;

        DbParameter Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
            return parameter;
        }
    }

    /// <param name="people">Exactly as many as it was prepared for, none twice.</param>
    /// <returns>How many were not in it yet.</returns>
    public Task<int> AddAsync(ReadOnlySpan<KeyValuePair<string, int>> people, CancellationToken cancellationToken)
    {
        if (people.Length != _rows.Length) throw new ArgumentException($"Prepared for {_rows.Length} people, not {people.Length}.", nameof(people));
        for (var row = 0; row < people.Length; row++) (_rows[row].Shopper.Value, _rows[row].Arm.Value) = (people[row].Key, people[row].Value);
        return _command.ExecuteNonQueryAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    private static string Sql(IModel model, int rows)
    {
        var entity = model.FindEntityType(typeof(ExperimentPerson)) ?? throw new InvalidOperationException("ExperimentPerson is not mapped.");
        var table = StoreObjectIdentifier.Table(entity.GetTableName()!, entity.GetSchema());
        string[] properties = [nameof(ExperimentPerson.WorkspaceId), nameof(ExperimentPerson.ExperimentId), nameof(ExperimentPerson.ShopperId), nameof(ExperimentPerson.Arm), nameof(ExperimentPerson.AssignedAt)];
        var columns = string.Join(", ", properties.Select(property => Warehouse.Sql.Identifier(entity.FindProperty(property)!.GetColumnName(table)!)));
        var values = string.Join(", ", Enumerable.Range(0, rows).Select(row => $"(@workspace, @experiment, {Numbered("@shopper", row)}, {Numbered("@arm", row)}, @at)"));
        return $"insert into {Warehouse.Sql.Identifier(entity.GetTableName()!)} ({columns}) values {values} on conflict do nothing";
    }

    private static string Numbered(string name, int row) => name + row.ToString(CultureInfo.InvariantCulture);
}
