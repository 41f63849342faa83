using System.Globalization;
using MerchantStudio.Components.Shell;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace MerchantStudio.Components.Kit;

public sealed partial class DataTable<TItem> : IDisposable
{
    private const int MostRendered = 100;
    private const int ExportPage = 2000;
    private readonly string _id = "table-" + Guid.NewGuid().ToString("N");
    private readonly List<Column<TItem>> _columns = [];
    private readonly Dictionary<string, bool> _chosen = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _leaving = new();
    private Virtualize<TItem>? _loading;
    private List<TItem> _rows = [];
    private string? _typed;
    private string? _filter;
    private string? _sortedBy;
    private bool _descending;
    private bool _sortSettled;
    private bool _exporting;
    private int? _total;

    [Inject] public required Downloads Downloads { get; init; }

    [CascadingParameter] private ShopView? Shop { get; set; }

    /// <summary>Null while loading.</summary>
    [Parameter] public IReadOnlyList<TItem>? Items { get; set; }
    [Parameter] public Func<TableRequest, CancellationToken, ValueTask<TablePage<TItem>>>? Load { get; set; }

    /// <summary>Anything that, when it changes, makes a loading table ask again (the page's own filters).</summary>
    [Parameter] public object? LoadKey { get; set; }
    [Parameter, EditorRequired] public required RenderFragment ChildContent { get; set; }
    [Parameter] public string? Title { get; set; }
    [Parameter] public string? Subtitle { get; set; }

    /// <summary>The table's name for screen readers where it has no title.</summary>
    [Parameter] public string? Label { get; set; }

    /// <summary>Beside the title; the number of rows unless told.</summary>
    [Parameter] public string? Count { get; set; }

    /// <summary>Of the CSV, without ending; null for no export.</summary>
    [Parameter] public string? FileName { get; set; }
    [Parameter] public bool Filterable { get; set; } = true;
    [Parameter] public bool Small { get; set; }

    /// <summary>Without panel edges, inside another panel.</summary>
    [Parameter] public bool Bare { get; set; }
    [Parameter] public string? Class { get; set; }

    /// <summary>Where a row leads; its first column becomes the link.</summary>
    [Parameter] public Func<TItem, string?>? Href { get; set; }
    [Parameter] public Func<TItem, bool>? Selected { get; set; }
    [Parameter] public EventCallback<TItem> OnRow { get; set; }
    [Parameter] public RenderFragment? Tools { get; set; }
    [Parameter] public RenderFragment? Foot { get; set; }
    [Parameter] public RenderFragment? Empty { get; set; }

    private object? _loadedKey;

    private bool HasTools => !Small;

    private float RowHeight => Small ? 36 : 44;

    private bool Tall => Load is not null || _rows.Count > MostRendered;

    private List<Column<TItem>> Shown => [.. _columns.Where(Shows)];

    private string? CountText => Count ?? (_total ?? (Items is null ? null : _rows.Count)) switch { { } rows => Show.Count(rows), null => null };

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    internal void Add(Column<TItem> column)
    {
        _columns.Add(column);
        if (!_sortSettled && column.SortedDescending is { } descending) (_sortedBy, _descending) = (column.Header, descending);
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Load is null || Equals(LoadKey, _loadedKey)) return;
        _loadedKey = LoadKey;
        if (_loading is not null) await _loading.RefreshDataAsync();
    }

    /// <summary>Forgets the columns of the last rendering; they report themselves again in this one.</summary>
    private RenderFragment? Prepare()
    {
        _columns.Clear();
        return null;
    }

    private bool Shows(Column<TItem> column) => _chosen.TryGetValue(column.Header, out var chosen) ? chosen : !column.Optional;

    private void Toggle(Column<TItem> column)
    {
        if (Shows(column) && Shown.Count == 1) return;
        _chosen[column.Header] = !Shows(column);
    }

    private void Arrange()
    {
        if (Items is null)
        {
            _rows = [];
            return;
        }

        IEnumerable<TItem> rows = Items;
        if (_filter is not null) rows = rows.Where(row => Shown.Any(column => column.Text(row)?.Contains(_filter, StringComparison.CurrentCultureIgnoreCase) == true));
        if (_columns.Find(column => column.Header == _sortedBy)?.Sort is { } sort)
        {
            rows = _descending ? rows.OrderByDescending(sort, ComparableOrder.Instance) : rows.OrderBy(sort, ComparableOrder.Instance);
        }

        _rows = [.. rows];
    }

    private async Task FilterAsync(string? typed)
    {
        _typed = typed;
        _filter = typed?.Trim() is { Length: > 0 } text ? text : null;
        if (_loading is not null) await _loading.RefreshDataAsync();
    }

    private async Task SortAsync(Column<TItem> column)
    {
        _sortSettled = true;
        _descending = column.Header == _sortedBy ? !_descending : column.Number;
        _sortedBy = column.Header;
        if (_loading is not null) await _loading.RefreshDataAsync();
    }

    private TableRequest Request(int skip, int take) =>
        new(_columns.Find(column => column.Header == _sortedBy)?.SortKey, _descending, _filter, skip, take);

    private async ValueTask<ItemsProviderResult<TItem>> LoadAsync(ItemsProviderRequest request)
    {
        var page = await Load!(Request(request.StartIndex, request.Count), request.CancellationToken);
        if (_total != page.Total)
        {
            _total = page.Total;
            _ = InvokeAsync(StateHasChanged);
        }

        return new ItemsProviderResult<TItem>(page.Items, page.Total);
    }

    private async Task ExportAsync()
    {
        _exporting = true;
        try
        {
            var content = new MemoryStream();
            List<Column<TItem>> columns = [.. Shown.Where(column => !column.ScreenOnly)];
            await TableCsv.WriteAsync(content, Shop?.Zone ?? TimeZoneInfo.Utc, columns, RowsAsync(), _leaving.Token);
            content.Position = 0;
            await Downloads.SaveAsync(FileName + ".csv", content, _leaving.Token);
        }
        finally
        {
            _exporting = false;
        }
    }

    private async IAsyncEnumerable<TItem> RowsAsync()
    {
        if (Load is null)
        {
            foreach (var row in _rows) yield return row;
            yield break;
        }

        for (var skip = 0; ; skip += ExportPage)
        {
            var page = await Load(Request(skip, ExportPage), _leaving.Token);
            foreach (var row in page.Items) yield return row;
            if (page.Items.Count == 0 || skip + page.Items.Count >= page.Total) yield break;
        }
    }

    private EventCallback<MouseEventArgs> Click(TItem item) =>
        OnRow.HasDelegate ? EventCallback.Factory.Create<MouseEventArgs>(this, () => OnRow.InvokeAsync(item)) : default;

    private string Css(Column<TItem> column)
    {
        var place = column.Phone;
        if (place == PhonePlace.Auto)
        {
            var title = _columns.Find(other => other.Phone == PhonePlace.Title) ?? _columns[0];
            var figure = _columns.Find(other => other.Phone == PhonePlace.Figure) ?? _columns.Find(other => other is { Strong: true, Number: true, Phone: PhonePlace.Auto });
            place = column == title ? PhonePlace.Title : column == figure ? PhonePlace.Figure : PhonePlace.Hidden;
        }

        var phone = place switch { PhonePlace.Title => "as-title", PhonePlace.Figure => "as-figure", PhonePlace.Fact => "as-fact", PhonePlace.FigureFact => "as-fact2", _ => "" };
        return string.Create(CultureInfo.InvariantCulture, $"{phone} {(column.Number ? "number" : "")} {(column.Strong ? "key" : "")} {(column.Muted ? "muted" : "")}");
    }

    private sealed class ComparableOrder : IComparer<IComparable?>
    {
        public static ComparableOrder Instance { get; } = new();

        public int Compare(IComparable? x, IComparable? y) => (x, y) switch
        {
            (null, null) => 0,
            (null, _) => -1,
            (_, null) => 1,
            (string left, string right) => CultureInfo.CurrentCulture.CompareInfo.Compare(left, right, CompareOptions.IgnoreCase),
            _ => x.CompareTo(y),
        };
    }
}
