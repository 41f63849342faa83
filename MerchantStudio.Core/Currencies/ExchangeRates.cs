using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Currencies;

/// <summary>The rates that a shop holds of one currency.</summary>
public sealed record CurrencyRates(string Currency, int Days, DateOnly From, DateOnly To, decimal LastRate, RateQuoting LastQuoting);

/// <summary>Days on which a currency was used and no rate is in force.</summary>
/// <param name="Days">Ascending.</param>
/// <param name="Lines">Sales and refunds on them, left out of every money figure.</param>
public sealed record MissingRates(string Currency, ImmutableArray<DateOnly> Days, long Lines);

/// <param name="Held">By currency.</param>
/// <param name="Missing">By currency; empty when every line has its rate.</param>
public sealed record RateOverview(RateSettings Settings, string BaseCurrency, string TimeZone, ImmutableArray<CurrencyRates> Held, ImmutableArray<MissingRates> Missing);

/// <summary>What became of rates that were given. <c>Read = New + Changed + Unchanged + Faults</c>.</summary>
public sealed record RateUpload(int Read, int New, int Changed, int Unchanged, ImmutableArray<RateFault> Faults);

/// <summary>Keeps the exchange rates of a shop, a rate a day and currency. The amounts follow by an upkeep that each change asks for.</summary>
public sealed class ExchangeRates(WarehouseRegistry warehouses, UpkeepQueue upkeep, WorkspaceDirectory workspaces, IDbContextFactory<StudioDb> contexts, AuditTrail audit)
{
    private const int MostLetters = 20_000_000;
    private const decimal RateUnit = 0.000000000001m;

    /// <summary>Whether a rate can be kept; digits behind the twelfth after the point are rounded away.</summary>
    public static bool CanHold(decimal rate) => rate is >= RateUnit and < 1_000_000;

    public async Task<Outcome<RateOverview>> ReadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } shop) return new AccessRefused(Right.ReadFigures);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var held = await warehouse.QueryAsync(
            "select currency, count(*), min(day), max(day), arg_max(rate, day), arg_max(per_base, day) from fx_rates group by currency order by currency",
            row => new CurrencyRates(row.Text(0)!, (int)row.Long(1), row.Date(2), row.Date(3), row.Decimal(4), row.Boolean(5) ? RateQuoting.PerBase : RateQuoting.PerUnit), [], cancellationToken).ConfigureAwait(false);
        var money = ShopMoney.Of(shop);
        return new RateOverview(RateSettings.Of(shop.SettingsJson), shop.Currency, shop.TimeZone, held, await MissingAsync(warehouse, money, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Takes a file's rates; a day and currency that is here already gets the new rate. Lines that cannot be read are named and left out.</summary>
    public async Task<Outcome<RateUpload>> UploadAsync(WorkspaceScope scope, string text, RateQuoting quoting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(text);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        if (text.Length > MostLetters) return new RateFileTooLarge();
        if (await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } shop) return new AccessRefused(Right.ManageShop);
        var (rates, faults) = RateFile.Read(text, shop.Currency);
        if (rates.IsEmpty) return new RateFileEmpty(faults.IsEmpty ? "" : faults[0].Value);
        var (added, changed) = await KeepAsync(scope, rates, quoting, cancellationToken).ConfigureAwait(false);
        await NoteAsync(scope, quoting, new AuditFact("rates.uploaded", string.Join(", ", rates.Select(rate => rate.Currency).Distinct().Order(StringComparer.Ordinal)),
            After: string.Create(CultureInfo.InvariantCulture, $"{added} new, {changed} changed, {faults.Length} lines refused")), cancellationToken).ConfigureAwait(false);
        return new RateUpload(rates.Length + faults.Length, added, changed, rates.Length - added - changed, faults);
    }

    /// <summary>Takes one rate that was typed in.</summary>
    public async Task<Outcome<Done>> SetAsync(WorkspaceScope scope, DayRate rate, RateQuoting quoting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(rate);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        if (rate.Currency is not { Length: 3 } || !rate.Currency.All(char.IsAsciiLetterUpper)) return new CurrencyUnknown(rate.Currency ?? "");
        if (await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) is { } shop && shop.Currency == rate.Currency) return new RateOfBaseCurrency(rate.Currency);
        if (!CanHold(rate.Rate)) return new RateInvalid(rate.Rate);
        await KeepAsync(scope, [rate], quoting, cancellationToken).ConfigureAwait(false);
        await NoteAsync(scope, quoting, new AuditFact("rates.set", rate.Currency, After: string.Create(CultureInfo.InvariantCulture, $"{rate.Day:yyyy-MM-dd}: {rate.Rate}")), cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>Forgets every rate of a currency.</summary>
    public async Task<Outcome<Done>> RemoveAsync(WorkspaceScope scope, string currency, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var gone = await session.ExecuteAsync("delete from fx_rates where currency = $1", [currency], cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        if (gone > 0) await upkeep.AskAsync(scope.Workspace, CancellationToken.None).ConfigureAwait(false);
        await NoteAsync(scope, null, new AuditFact("rates.removed", currency, Before: string.Create(CultureInfo.InvariantCulture, $"{gone} days")), cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>For how many days without one of its own the last rate stays in force.</summary>
    public async Task<Outcome<Done>> HoldAsync(WorkspaceScope scope, int days, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        if (days is < 0 or > RateSettings.MostHoldDays) return new HoldDaysInvalid(RateSettings.MostHoldDays);
        await ChangeAsync(scope, settings => settings with { HoldDays = days }, settings => new AuditFact("rates.hold", Before: Days(settings.HoldDays), After: Days(days)), cancellationToken).ConfigureAwait(false);
        return new Done();

        static string Days(int days) => string.Create(CultureInfo.InvariantCulture, $"{days} days");
    }

    internal const string FingerprintSql = "select cast(count(*) as varchar) || ' ' || coalesce(cast(bit_xor(hash(currency, day, rate, per_base)) as varchar), '') from fx_rates";

    /// <summary>A text that changes with any rate.</summary>
    internal static async Task<string> FingerprintAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken) =>
        await warehouse.ScalarAsync<string>(FingerprintSql, [], cancellationToken).ConfigureAwait(false) ?? "";

    /// <summary>Days on which sales and refunds of the raw events have no rate in force.</summary>
    internal static async Task<ImmutableArray<MissingRates>> MissingAsync(WorkspaceWarehouse warehouse, ShopMoney money, CancellationToken cancellationToken)
    {
        var found = await warehouse.QueryAsync(
            $"""
            with {BaseAmounts.Rates("$3", money.Currency)},
            lines as (
                select {BaseAmounts.Code("currency", "$1")} as code, {BaseAmounts.Day("ts", "$2")} as day, count(*) as lines
                from events where event_type in ('purchase', 'refund') and price is not null and ts is not null and currency is not null group by 1, 2)
            select l.code, l.day, l.lines from lines l left join rates r on r.currency = l.code and r.day = l.day
            where l.code <> $1 and r.num is null order by l.code, l.day
            """,
            row => (Currency: row.Text(0)!, Day: row.Date(1), Lines: row.Long(2)), [money.Currency, money.TimeZone, money.HoldDays], cancellationToken).ConfigureAwait(false);
        return [.. found.GroupBy(line => line.Currency).Select(group => new MissingRates(group.Key, [.. group.Select(line => line.Day)], group.Sum(line => line.Lines)))];
    }

    private async Task<(int New, int Changed)> KeepAsync(WorkspaceScope scope, ImmutableArray<DayRate> rates, RateQuoting quoting, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await session.ExecuteAsync("create temp table given_rates (place integer, currency varchar, day varchar, units bigint)", [], cancellationToken).ConfigureAwait(false);
        using (var rows = session.Append("given_rates"))
        {
            for (var place = 0; place < rates.Length; place++)
            {
                rows.Int(0, place);
                rows.Text(1, rates[place].Currency);
                rows.Text(2, rates[place].Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                rows.Long(3, (long)decimal.Round(rates[place].Rate / RateUnit, 0, MidpointRounding.ToEven));
                rows.EndRow();
            }

            rows.Complete();
        }

        // The last of several for the same day counts; a rate that is here just so is left alone.
        await session.ExecuteAsync(
            """
            create temp table new_rates as
            with given as (
                select currency, cast(day as date) as day, cast(cast(units as decimal(18, 0)) * cast(0.000000000001 as decimal(13, 12)) as decimal(18, 12)) as rate, $1 as per_base
                from given_rates qualify row_number() over (partition by currency, day order by place desc) = 1)
            select g.*, f.day is not null as known from given g left join fx_rates f on f.currency = g.currency and f.day = g.day
            where f.day is null or f.rate <> g.rate or f.per_base <> g.per_base
            """, [quoting == RateQuoting.PerBase], cancellationToken).ConfigureAwait(false);
        var counts = await session.QueryAsync("select count(*) filter (where not known), count(*) filter (where known) from new_rates", row => ((int)row.Long(0), (int)row.Long(1)), [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(
            """
            delete from fx_rates f using new_rates n where n.currency = f.currency and n.day = f.day;
            insert into fx_rates select currency, day, rate, per_base from new_rates;
            drop table new_rates;
            drop table given_rates;
            """, [], cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        if (counts[0] is not (0, 0)) await upkeep.AskAsync(scope.Workspace, CancellationToken.None).ConfigureAwait(false);
        return counts[0];
    }

    /// <summary>Remembers which way round the rates came, so that it is asked once, and who gave them.</summary>
    private Task NoteAsync(WorkspaceScope scope, RateQuoting? quoting, AuditFact fact, CancellationToken cancellationToken) =>
        ChangeAsync(scope, settings => quoting is null ? settings : settings with { Quoting = quoting }, _ => fact, cancellationToken);

    private async Task ChangeAsync(WorkspaceScope scope, Func<RateSettings, RateSettings> change, Func<RateSettings, AuditFact> fact, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var shop = await db.Workspaces.SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var before = RateSettings.Of(shop.SettingsJson);
        shop.SettingsJson = change(before).IntoSettings(shop.SettingsJson);
        audit.Add(db, scope.Workspace, scope.Actor, fact(before));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }
}
