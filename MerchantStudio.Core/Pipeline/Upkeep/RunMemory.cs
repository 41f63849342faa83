using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Upkeep;

/// <summary>With what the published tables were made.</summary>
/// <param name="TimeZone">In which days are cut.</param>
/// <param name="SeenAt">When the raw rows were last looked at: events later than a day after it were in the future.</param>
/// <param name="Until">Events from here on do not take part; null for all.</param>
/// <param name="Rates">What <see cref="ExchangeRates.FingerprintAsync"/> said.</param>
/// <param name="AsOf">The moment that profiles are as of, in case that none is left to say so; null until upkeep has seen one.</param>
/// <param name="Choices">Null where the run was of an earlier version.</param>
internal sealed record RunMemory(CleaningSettings Cleaning, string TimeZone, DateTimeOffset SeenAt, DateTimeOffset? Until, string Rates, DateTimeOffset? AsOf = null, RunChoices? Choices = null)
{
    /// <summary>Published with the tables that they tell of.</summary>
    public static readonly string[] Tables = ["upkeep_state", "upkeep_blocks", "upkeep_aliases", "upkeep_catalogue", "upkeep_contacts", "upkeep_listed", "upkeep_left_out", "upkeep_usual"];

    /// <summary>Steps in which one row decides about others of the same shopper or order.</summary>
    private bool RemembersLeftOut => CleaningStep.All.Any(step => Cleaning.IsOn(step) && step.Key is CleaningStep.TestOrders or CleaningStep.BotRate or CleaningStep.BotViews or CleaningStep.BotRegular);

    public bool SharesOrders => CleaningStep.All.Any(step => step.Key == CleaningStep.TestOrders && Cleaning.IsOn(step));

    /// <summary>Writes the tables with next_ before their names, beside next_clean_events.</summary>
    public static async Task WriteAsync(WarehouseSession session, CleaningSettings cleaning, string timeZone, DateTimeOffset now, DateTimeOffset? until, RunChoices? choices, CancellationToken cancellationToken)
    {
        var rates = await session.ScalarAsync<string>(ExchangeRates.FingerprintSql, [], cancellationToken).ConfigureAwait(false) ?? "";
        var memory = new RunMemory(cleaning, timeZone, now, until, rates, Choices: choices);
        await memory.WriteAsync(session, cancellationToken).ConfigureAwait(false);
        await CreateAsync(session, "next_upkeep_blocks", UpkeepSql.Blocks, [], cancellationToken).ConfigureAwait(false);
        await memory.WriteDependenciesAsync(session, cancellationToken).ConfigureAwait(false);
        await CreateAsync(session, "next_upkeep_left_out", memory.RemembersLeftOut ? UpkeepSql.LeftOut : UpkeepSql.LeftOut + " limit 0", [], cancellationToken).ConfigureAwait(false);
        await CreateAsync(session, "next_upkeep_usual", $"select * from {CleaningSql.Usual}", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"drop table {CleaningSql.Usual}", [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What rows depend on besides themselves, as it is now.</summary>
    public async Task WriteDependenciesAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        await CreateAsync(session, "next_upkeep_aliases", UpkeepSql.Aliases, [], cancellationToken).ConfigureAwait(false);
        await CreateAsync(session, "next_upkeep_catalogue", UpkeepSql.Catalogue, [], cancellationToken).ConfigureAwait(false);
        await CreateAsync(session, "next_upkeep_contacts", UpkeepSql.Contacts, [], cancellationToken).ConfigureAwait(false);
        await CreateAsync(session, "next_upkeep_listed", UpkeepSql.Listed, [string.Join('\n', Cleaning.InternalHashes), string.Join('\n', Cleaning.TestHashes)], cancellationToken).ConfigureAwait(false);
    }

    public Task WriteAsync(WarehouseSession session, CancellationToken cancellationToken) =>
        CreateAsync(session, "next_upkeep_state", "select cast($1 as varchar) as state", [PipelineJson.Write(this)], cancellationToken);

    /// <summary>What the last run left; null before the first.</summary>
    public static async Task<RunMemory?> ReadAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        if (!await warehouse.HasTableAsync("upkeep_state", cancellationToken).ConfigureAwait(false)) return null;
        return PipelineJson.Read<RunMemory>((await warehouse.ScalarAsync<string>("select state from upkeep_state", [], cancellationToken).ConfigureAwait(false))!);
    }

    /// <summary>Whether rates are as they were; else every amount may differ.</summary>
    public async Task<bool> SameRatesAsync(WarehouseSession session, CancellationToken cancellationToken) =>
        Rates == await session.ScalarAsync<string>(ExchangeRates.FingerprintSql, [], cancellationToken).ConfigureAwait(false);

    /// <summary>The touched shoppers' rows that are left out now take the place of those that were.</summary>
    public async Task RememberLeftOutAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        if (!RemembersLeftOut) return;
        await session.ExecuteAsync($"delete from upkeep_left_out where {UpkeepSql.IsTouched("upkeep_left_out")}", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"insert into upkeep_left_out {UpkeepSql.LeftOut}", [], cancellationToken).ConfigureAwait(false);
    }

    private static async Task CreateAsync(WarehouseSession session, string table, string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"drop table if exists {table}", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"create table {table} as {sql}", parameters, cancellationToken).ConfigureAwait(false);
    }
}
