using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Reviews;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Reviews;

public sealed partial class ReviewsPage : StudioPage
{
    private string? _shownPeriod;

    [Inject] public required ReviewReader Reader { get; init; }

    [Inject] public required PipelineReports Reports { get; init; }

    /// <summary>A product to list from the start.</summary>
    [SupplyParameterFromQuery] public string? Item { get; set; }

    private ReviewsViewModel Model { get; } = new();

    private IReadOnlyList<Choice<Sentiment?>> SentimentChoices =>
    [
        new(null, T["Reviews.all"]), new(Sentiment.Negative, T["Reviews.negative"]), new(Sentiment.Neutral, T["Reviews.neutral"]), new(Sentiment.Positive, T["Reviews.positive"]),
    ];

    private ReviewSpan Span => new(Shop.Period.Choice.Days, Shop.Period.Choice.From, Shop.Period.Choice.To);

    private IReadOnlyList<(string Text, Func<Task> Remove)> Chips => Model.Filter.ItemId is { } item
        ? [(T["Reviews.chip-product", Model.NameOf(item)], RemoveProductAsync)]
        : [];

    protected override async Task OnParametersSetAsync()
    {
        if (_shownPeriod == Shop.Period.Key && Model.Filter.ItemId == Item) return;
        _shownPeriod = Shop.Period.Key;
        Model.Filter = Model.Filter with { ItemId = Item, Span = Span };
        await ShowAsync();
    }

    private async Task ShowAsync() => await Model.ShowAsync(Reader, Reports, await ScopeAsync(), Span, Leaving);

    private async ValueTask<TablePage<ReviewRow>> LoadAsync(TableRequest request, CancellationToken cancellationToken)
    {
        var scope = await ScopeAsync();
        if (!scope.TryGet(out var allowed, out _)) return new TablePage<ReviewRow>([], 0);
        var filter = Model.Filter with { Search = request.Filter, Span = Model.Overview is { HasDates: true } ? Model.Filter.Span : null };
        var page = await Reader.ListAsync(allowed, filter, ReviewsViewModel.Order(request.SortKey, request.Descending), request.Skip, request.Take, cancellationToken);
        return page.TryGet(out var found, out _) ? new TablePage<ReviewRow>(found.Rows, (int)found.Total) : new TablePage<ReviewRow>([], 0);
    }

    private void ChooseProduct(string itemId) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("item", itemId));

    private Task RemoveProductAsync()
    {
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("item", (string?)null));
        return Task.CompletedTask;
    }

    private Task ClearAsync()
    {
        Model.Filter = Model.Filter with { Sentiment = null, Disagree = false };
        return RemoveProductAsync();
    }
}
