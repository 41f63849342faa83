using System.Collections.Immutable;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Campaigns.Running;

/// <param name="Language">"en" or "zh-CN"; null when nothing is known.</param>
/// <param name="BestHour">0 to 23 in the store's zone: the hour in which most of her visits began; null for a shopper without visits.</param>
internal sealed record ShopperHabit(string? Language, int? BestHour);

/// <summary>What a message goes by: the language of a shopper's country, and the hour in which she comes.</summary>
public sealed class ShopperHabits(WarehouseRegistry warehouses)
{
    /// <summary>Where nobody has visited yet.</summary>
    private const int UsualHour = 10;
    private const char Between = '\u001f';

    /// <summary>$1: ids, one after the other; $2: the store's zone.</summary>
    private const string HoursSql = """
        select user_id, hour from (
            select user_id, hour, row_number() over (partition by user_id order by visits desc, hour) as place from (
                select user_id, cast(extract(hour from (started_at at time zone 'UTC') at time zone $2) as integer) as hour, count(*) as visits
                from sessions where user_id in (select unnest(string_split($1, chr(31)))) group by 1, 2)) where place = 1
        """;

    private const string StoreHourSql = """
        select cast(extract(hour from (started_at at time zone 'UTC') at time zone $1) as integer) as hour from sessions group by 1 order by count(*) desc, hour limit 1
        """;

    private const string CountriesSql = """
        select user_id, country from (
            select user_id, country, row_number() over (partition by user_id order by import_id desc, source_line desc) as place
            from customers where country is not null and user_id in (select unnest(string_split($1, chr(31))))) where place = 1
        """;

    private static readonly ImmutableHashSet<string> ChineseCountries = ["CN", "CHN", "CHINA", "TW", "HK", "MO", "中国", "中国大陆", "台湾", "香港", "澳门"];

    internal async Task<IReadOnlyDictionary<string, ShopperHabit>> ReadAsync(WorkspaceId workspace, TimeZoneInfo zone, IReadOnlyCollection<string> shoppers, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        var ids = string.Join(Between, shoppers.Where(id => !id.Contains(Between, StringComparison.Ordinal)));
        var countries = (await warehouse.QueryAsync(CountriesSql, row => (Id: row.Text(0)!, Country: row.Text(1)!), [ids], cancellationToken).ConfigureAwait(false)).ToDictionary(row => row.Id, row => row.Country, StringComparer.Ordinal);
        var hours = await HasVisitsAsync(warehouse, cancellationToken).ConfigureAwait(false)
            ? (await warehouse.QueryAsync(HoursSql, row => (Id: row.Text(0)!, Hour: row.IntOrNull(1)), [ids, zone.Id], cancellationToken).ConfigureAwait(false)).ToDictionary(row => row.Id, row => row.Hour, StringComparer.Ordinal)
            : [];
        return shoppers.Distinct(StringComparer.Ordinal).ToDictionary(shopper => shopper, shopper => new ShopperHabit(LanguageOf(countries.GetValueOrDefault(shopper)), hours.GetValueOrDefault(shopper)), StringComparer.Ordinal);
    }

    /// <summary>The hour in which most visits to the store begin.</summary>
    internal async Task<int> StoreHourAsync(WorkspaceId workspace, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (!await HasVisitsAsync(warehouse, cancellationToken).ConfigureAwait(false)) return UsualHour;
        var found = await warehouse.QueryAsync(StoreHourSql, row => row.IntOrNull(0), [zone.Id], cancellationToken).ConfigureAwait(false);
        return found.FirstOrDefault() ?? UsualHour;
    }

    internal static string? LanguageOf(string? country) =>
        country is null ? null : ChineseCountries.Contains(country.Trim().ToUpperInvariant()) ? MessageTemplate.ChineseName : MessageTemplate.EnglishName;

    private static Task<bool> HasVisitsAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken) => warehouse.HasTableAsync("sessions", cancellationToken);
}
