using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Home;

public sealed partial class HomePage
{
    private const double WorthSaying = 0.002;
    private (ShopFigures Figures, string Key, bool Weekly, Plot Plot)? _drawn;
    private ImmutableArray<OrderRow>? _orders;
    private string? _shown;
    private bool _weekly;

    [Inject] public required HomeViewModel Model { get; init; }
    [Inject] public required FigureReader Reader { get; init; }

    /// <summary>The chosen figure, so that the address restores the page whole.</summary>
    [SupplyParameterFromQuery] public string? Figure { get; set; }

    private NextAction? Primary => Model.Actions?.FirstOrDefault(action => action.Key is "at-risk" or "basket");

    /// <summary>Refunds if they moved, else who brought the change.</summary>
    private (string Key, object?[] Values)? SecondKey
    {
        get
        {
            if (Model.Figures is not { } figures) return null;
            var refunds = figures.Figures.FirstOrDefault(figure => figure.Key == "refund_rate");
            if (refunds is { Change: { } change, Value: { } rate } && Math.Abs(change) >= WorthSaying) return (change > 0 ? "Home.refunds-rose" : "Home.refunds-fell", [Show.Percent(rate)]);
            var repeat = figures.Figures.FirstOrDefault(figure => figure.Key == "repeat_rate");
            return repeat is { Value: { } share } ? ("Home.repeat-second", [Show.Percent(share)]) : null;
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        Model.Chosen = Figure;
        var wanted = $"{Workspace} {Shop.Period.Key}";
        if (_shown == wanted) return;
        _shown = wanted;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _orders = null;
        if (!(await ScopeAsync()).TryGet(out var scope, out var _)) return;
        await Model.ShowAsync(scope, PeriodChoice.Parse(Shop.Period.Key), Leaving);
        StateHasChanged();
        await Model.FindActionsAsync(scope, Shop.Now, Leaving);
    }

    private async Task ShowOrdersAsync()
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out var _)) return;
        var read = await Reader.OrdersAsync(scope, PeriodChoice.Parse(Shop.Period.Key), Leaving);
        _orders = read.Succeeded ? read.Value : [];
    }

    private void Choose(string key) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("figure", key), replace: true);

    private static string Headline(Figure first) => (first.Unit, first.Change) switch
    {
        (FigureUnit.Money, null) => "Home.sold",
        (FigureUnit.Money, >= 0) => "Home.sold-more",
        (FigureUnit.Money, _) => "Home.sold-less",
        (_, null) => "Home.ordered",
        (_, >= 0) => "Home.ordered-more",
        _ => "Home.ordered-less",
    };

    private object?[] HeadlineValues(ShopFigures figures) =>
        [Shop.Text(figures.Figures[0]), figures.Period.Days, figures.Figures[0].Change is { } change ? Show.Percent(Math.Abs(change)) : null];

    private string About(Figure figure)
    {
        var about = T[$"Home.{figure.Key}-about"];
        return figure is { Part: { } part, Whole: { } whole }
            ? $"{about} {T["Home.part-of", Shop.Text(figure.Key is "refund_rate" or "average_order" ? FigureUnit.Money : FigureUnit.Count, part), Shop.Text(figure.Key == "refund_rate" ? FigureUnit.Money : FigureUnit.Count, whole)]}"
            : about;
    }

    private string ChartTitle(ShopFigures figures, Figure figure)
    {
        var best = figure.Daily.Select((value, index) => (value, index)).Where(day => double.IsFinite(day.value)).DefaultIfEmpty().MaxBy(day => day.value);
        return T["Home.chart-title", T[$"Home.{figure.Key}"], Show.Day(figures.Days[best.index], figures.LastDay), Shop.Text(figure.Unit, best.value)];
    }

    private Plot Drawn(ShopFigures figures, Figure figure)
    {
        if (_drawn is { } drawn && ReferenceEquals(drawn.Figures, figures) && drawn.Key == figure.Key && drawn.Weekly == _weekly) return drawn.Plot;
        var plot = Shop.Plot(figures, figure, _weekly, T);
        _drawn = (figures, figure.Key, _weekly, plot);
        return plot;
    }
}
