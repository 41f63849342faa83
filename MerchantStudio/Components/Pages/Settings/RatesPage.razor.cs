using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace MerchantStudio.Components.Pages.Settings;

public sealed partial class RatesPage
{
    private const long LargestFile = 20_000_000;
    private const int DaysSaid = 6;
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private Problem? _refused;
    private RateOverview? _overview;
    private RateUpload? _uploaded;
    private RateQuoting? _quoting;
    private CurrencyRates? _going;
    private DateOnly? _day;
    private string? _currency;
    private decimal? _rate;
    private bool _busy;
    private RefreshNote? _refresh;

    [Inject] public required ExchangeRates Rates { get; init; }

    private IEnumerable<MissingRates> Missing => _overview?.Missing ?? [];

    private IReadOnlyList<Choice<RateQuoting?>> Quotings =>
        [new(RateQuoting.PerUnit, T["Rates.per-unit", Shop.Currency]), new(RateQuoting.PerBase, T["Rates.per-base", Shop.Currency])];

    private string? WhyNotAdd => _quoting is null ? T["Rates.quoting-first"] : _day is null || string.IsNullOrWhiteSpace(_currency) || _rate is null ? T["Rates.add-needs"] : null;

    protected override Task OnInitializedAsync() => LoadAsync();

    private static string Days(MissingRates missing) =>
        string.Join(", ", missing.Days.Take(DaysSaid).Select(day => Show.Day(day, DateOnly.MaxValue))) + (missing.Days.Length > DaysSaid ? " …" : "");

    private string Last(CurrencyRates rates)
    {
        var figure = rates.LastRate.ToString("0.############", CultureInfo.CurrentCulture);
        return rates.LastQuoting == RateQuoting.PerUnit ? $"1 {rates.Currency} = {figure} {Shop.Currency}" : $"1 {Shop.Currency} = {figure} {rates.Currency}";
    }

    private async Task LoadAsync()
    {
        var scope = await ScopeAsync();
        _problem = scope.Problem ?? scope.Value.Refusal(Right.ManageShop);
        if (_problem is null && (await Rates.ReadAsync(scope.Value, Leaving)).TryGet(out _overview, out _problem)) _quoting ??= _overview.Settings.Quoting;
        _state = _problem is null ? PageState.Ready : PageState.Problem;
    }

    private Task UploadAsync(IBrowserFile file) => ActAsync(async scope =>
    {
        if (file.Size > LargestFile) return new RateFileTooLarge();
        await using var content = file.OpenReadStream(LargestFile, Leaving);
        using var reader = new StreamReader(content);
        var uploaded = await Rates.UploadAsync(scope, await reader.ReadToEndAsync(Leaving), _quoting!.Value, Leaving);
        return uploaded.TryGet(out _uploaded, out var problem) ? null : problem;
    });

    private Task AddAsync() => ActAsync(async scope =>
    {
        var added = await Rates.SetAsync(scope, new DayRate(_day!.Value, _currency!.Trim().ToUpperInvariant(), _rate!.Value), _quoting!.Value, Leaving);
        if (added.Succeeded) _rate = null;
        return added.Problem;
    });

    private Task HoldAsync(decimal? days) => ActAsync(async scope => (await Rates.HoldAsync(scope, (int)(days ?? 0), Leaving)).Problem);

    private Task RemoveAsync() => ActAsync(async scope =>
    {
        var removed = await Rates.RemoveAsync(scope, _going!.Currency, Leaving);
        _going = null;
        return removed.Problem;
    });

    private async Task ActAsync(Func<WorkspaceScope, Task<Problem?>> act)
    {
        _busy = true;
        _uploaded = null;
        try
        {
            var scope = await ScopeAsync();
            _refused = scope.Problem ?? await act(scope.Value);
            await LoadAsync();
            if (_refresh is not null) await _refresh.LookAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
