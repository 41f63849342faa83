using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Campaigns;

public sealed partial class CalendarPage
{
    private const int Quarter = 3;
    private string? _opened;

    [Inject] public required CalendarViewModel Model { get; init; }

    /// <summary>First day of the time that is shown; this month without.</summary>
    [SupplyParameterFromQuery] public string? From { get; set; }

    /// <summary>"quarter"; a month without.</summary>
    [SupplyParameterFromQuery] public string? View { get; set; }

    private bool IsQuarter => View == "quarter";

    private int Months => IsQuarter ? Quarter : 1;

    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Shop.Now, Shop.Zone).DateTime);

    private DateOnly First
    {
        get
        {
            var day = DateOnly.TryParseExact(From, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var asked) && asked.Year is > 2000 and < 2200 ? asked : Today;
            return new DateOnly(day.Year, IsQuarter ? ((day.Month - 1) / Quarter * Quarter) + 1 : day.Month, 1);
        }
    }

    private DateOnly Last => First.AddMonths(Months).AddDays(-1);

    private int Days => Last.DayNumber - First.DayNumber + 1;

    private ImmutableArray<CalendarEntry> Entries => Model.Within(First, Last);

    private string SpanName => IsQuarter ? $"{Month(First)} – {Month(Last)}" : Month(First);

    private string? TodayAt => Today >= First && Today <= Last ? At(Today) : null;

    /// <summary>Days of a month, or months of a quarter, that the scale names.</summary>
    private IEnumerable<(DateOnly Day, string Name)> Marks => IsQuarter
        ? Enumerable.Range(0, Quarter).Select(month => (First.AddMonths(month), First.AddMonths(month).ToString("MMM", CultureInfo.CurrentCulture)))
        : Enumerable.Range(0, Days).Where(day => day % 2 == 0).Select(day => (First.AddDays(day), (day + 1).ToString(CultureInfo.CurrentCulture)));

    protected override async Task OnParametersSetAsync()
    {
        if (_opened == Workspace) return;
        _opened = Workspace;
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.ShowAsync(scope, Shop, Leaving);
    }

    private string About(CalendarEntry entry) => entry.With.IsEmpty ? $"{entry.Name}: {Span(entry)}" : $"{entry.Name}: {Span(entry)}, {T["Campaigns.cal-with", string.Join(Show.IsChinese ? "、" : ", ", entry.With)]}";

    private string Span(CalendarEntry entry) => entry.Last is { } last ? Show.Days(entry.First, last) : $"{Show.Day(entry.First, Today)} – {T["Campaigns.cal-open"]}";

    private string At(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"left:{100.0 * (day.DayNumber - First.DayNumber) / Days:0.###}%");

    private string Bar(CalendarEntry entry)
    {
        var (first, last) = (entry.First > First ? entry.First : First, entry.Last < Last ? entry.Last.Value : Last);
        return string.Create(CultureInfo.InvariantCulture, $"{At(first)};width:{100.0 * (last.DayNumber - first.DayNumber + 1) / Days:0.###}%");
    }

    private static string Month(DateOnly day) => day.ToString(Show.IsChinese ? "yyyy年M月" : "MMMM yyyy", CultureInfo.CurrentCulture);

    // What is looked at is in the address, so that it can be shared.
    private void Go(DateOnly? from, bool quarter) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(Link("promotions/calendar"), new Dictionary<string, object?>
    {
        ["from"] = from?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["view"] = quarter ? "quarter" : null,
    }));
}
