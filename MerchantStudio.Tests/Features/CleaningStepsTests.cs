using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Features;

public sealed class CleaningStepsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settings_come_back_as_saved_beside_other_settings_and_the_audit_trail_names_no_person()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var steps = studio.Get<CleaningSteps>();
        Assert.True((await studio.Get<ExchangeRates>().HoldAsync(scope, 2, Token)).Succeeded);
        var wanted = (await steps.ReadAsync(scope, Token)).Value with
        {
            Switched = ImmutableDictionary<string, bool>.Empty.Add(CleaningStep.Duplicates, true).Add("no_user", true),
            Limits = ImmutableDictionary<string, double>.Empty.Add(CleaningStep.BotRate, 500).Add(CleaningStep.BotViews, 300),
            Order = [CleaningStep.Duplicates],
            Internal = [" mei@tea.shop ", "staff-*", "", "STAFF-*"],
        };
        Assert.True((await steps.SaveAsync(scope, wanted, Token)).Succeeded);
        Assert.True((await studio.Get<PreparationSettings>().SaveAsync(scope, new Preparation(MissingFill.Median, 0, Scaling.MinMax), Token)).Succeeded);
        await using var db = await studio.DbAsync();
        var shop = db.Workspaces.Single();
        var saved = CleaningSettings.Of(shop);
        Assert.True(saved.IsOn(CleaningStep.All.Single(step => step.Key == CleaningStep.Duplicates)));
        Assert.Equal([CleaningStep.BotRate], saved.Limits.Keys);
        Assert.Equal(CleaningStep.Duplicates, saved.Steps[0].Key);
        Assert.Equal(CleaningStep.All.Length, saved.Steps.Length);
        Assert.Equal(["mei@tea.shop", "staff-*"], saved.Internal);
        Assert.Equal([studio.Get<IContactProtector>().Hash("mei@tea.shop")], saved.InternalHashes);
        Assert.Equal((2, "EUR", "Europe/Berlin"), (saved.Money!.HoldDays, saved.Money.Currency, saved.Money.TimeZone));
        Assert.Equal(new Preparation(MissingFill.Median, 0, Scaling.MinMax), PreparationSettings.Of(shop.SettingsJson));
        var entry = (await studio.Get<AuditTrail>().ReadAsync(scope, 10, Token)).Value.Single(entry => entry.Action == "cleaning.changed");
        Assert.Contains("duplicates on", entry.After, StringComparison.Ordinal);
        Assert.DoesNotContain("mei", entry.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_set_is_refused()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var steps = studio.Get<CleaningSteps>();
        var settings = CleaningSettings.Default;
        async Task<string?> CodeAsync(CleaningSettings wanted) => (await steps.SaveAsync(scope, wanted, Token)).Problem?.Code;
        Assert.Equal("cleaning.limit-invalid", await CodeAsync(settings with { Limits = ImmutableDictionary<string, double>.Empty.Add(CleaningStep.BotRate, 1) }));
        Assert.Equal("cleaning.limit-invalid", await CodeAsync(settings with { Limits = ImmutableDictionary<string, double>.Empty.Add(CleaningStep.BotRate, double.NaN) }));
        Assert.Equal("cleaning.pattern-invalid", await CodeAsync(settings with { Internal = ["**"] }));
        Assert.Equal("cleaning.too-many-patterns", await CodeAsync(settings with { Internal = [.. Enumerable.Range(0, 500).Select(i => $"u{i}")] }));
        Assert.IsType<AccessRefused>((await steps.SaveAsync(scope with { Actor = scope.Actor with { Role = Role.Marketer } }, settings, Token)).Problem);
        Assert.Equal("preparation.constant-invalid", (await studio.Get<PreparationSettings>().SaveAsync(scope, new Preparation(MissingFill.Constant, double.NaN), Token)).Problem!.Code);
    }

    [Fact]
    public async Task Touched_rows_leave_as_a_file_that_says_which_line_and_why_and_the_events_stay()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Token);
        await using (var session = await warehouse.BeginAsync(Token))
        {
            await session.ExecuteAsync(
                """
                insert into events(user_id, ts, event_type, item_id, price, quantity, order_id, order_state, import_id, source_line) values
                    ('a', timestamp '2026-06-01 22:30:00', 'purchase', 'cup', 2.5, 1, 'o1', 'paid', 1, 2), (null, timestamp '2026-06-01 10:00:00', 'view', '=cup', null, null, null, null, 1, 3),
                    ('a', timestamp '2026-06-02 22:30:00', 'purchase', 'cup', 2.5, 3, 'o2', 'pending', 1, 4), ('a', timestamp '2026-06-03 10:00:00', 'purchase', 'cup', -1, 1, 'o3', 'paid', 1, 5)
                """, [], Token);
            await session.CommitAsync(Token);
        }

        using var file = new MemoryStream();
        var written = (await studio.Get<CleaningSteps>().WriteTouchedAsync(scope, CleaningSettings.Default, null, key => key, file, Token)).Value;
        Assert.Equal(3, written);
        Assert.Equal(
            [
                "touched.step,touched.reason,touched.file,touched.line,touched.shopper,touched.time,touched.event,touched.product,touched.order,touched.price,touched.quantity,touched.currency",
                "step.no_user.name,step.no_user.about,,3,,2026-06-01T12:00:00+02:00,view,'=cup,,,,",
                "step.unpaid_order.name,step.unpaid_order.about,,4,a,2026-06-03T00:30:00+02:00,purchase,cup,o2,2.5000,3,",
                "step.price_not_positive.name,step.price_not_positive.about,,5,a,2026-06-03T12:00:00+02:00,purchase,cup,o3,-1.0000,1,",
            ],
            Encoding.UTF8.GetString(file.ToArray()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
        using var one = new MemoryStream();
        Assert.Equal(1, (await studio.Get<CleaningSteps>().WriteTouchedAsync(scope, CleaningSettings.Default, "no_user", key => key, one, Token)).Value);
        Assert.Equal(4, await warehouse.ScalarAsync<long>("select count(*) from events", [], Token));
        var preview = (await studio.Get<CleaningSteps>().PreviewAsync(scope, CleaningSettings.Default, Token)).Value;
        Assert.Equal((4, 2), (preview.Rows, preview.Kept));
    }
}
