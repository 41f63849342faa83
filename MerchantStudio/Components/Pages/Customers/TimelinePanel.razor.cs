using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Reviews;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Customers;

public sealed partial class TimelinePanel
{
    private const int Step = 40;
    private const int MostStars = 5;

    private int _most = Step;

    [CascadingParameter] public ShopView Shop { get; set; } = default!;

    /// <summary>Of the chosen kind, newest first.</summary>
    [Parameter, EditorRequired] public required ImmutableArray<TimelineEntry> Entries { get; set; }

    /// <summary>The kinds to choose from.</summary>
    [Parameter, EditorRequired] public required ImmutableArray<TimelineKind> Held { get; set; }

    /// <summary>Whether the shop holds more than <see cref="Entries"/>.</summary>
    [Parameter] public bool MoreBefore { get; set; }

    /// <summary>Null for all kinds.</summary>
    [Parameter] public TimelineKind? Chosen { get; set; }

    [Parameter] public EventCallback<TimelineKind?> ChosenChanged { get; set; }

    private string Title => Entries is [.., var oldest] ? T["Customers.timeline-title", Show.Count(Entries.Length), Month(oldest.At)] : T["Customers.timeline"];

    private List<Choice<TimelineKind?>> Kinds =>
        [new(null, T["Customers.all-events"]), .. Held.Select(kind => new Choice<TimelineKind?>(kind, T[$"Customers.kind-{Key(kind)}"]))];

    private string Month(DateTimeOffset at) => Local(at).ToString(Show.IsChinese ? "yyyy年M月" : "MMMM yyyy", CultureInfo.CurrentCulture);

    /// <summary>The month's head says the year.</summary>
    private string Time(DateTimeOffset at)
    {
        var local = Local(at);
        var day = DateOnly.FromDateTime(local.DateTime);
        return $"{Show.Day(day, day)}{(Show.IsChinese ? " " : ", ")}{local.ToString("HH:mm", CultureInfo.InvariantCulture)}";
    }

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Shop.Zone);

    private RenderFragment Sentence(TimelineEntry entry) => builder =>
    {
        var key = entry is { Kind: TimelineKind.Visit, Minutes: < 1 } ? "visit-short" : Key(entry.Kind);
        builder.OpenComponent<Say>(0);
        builder.AddComponentParameter(1, nameof(Say.Key), $"Customers.event-{key}");
        builder.AddComponentParameter(2, nameof(Say.Args), new object?[] { Show.Count(entry.Count), Show.Number(entry.Minutes, 0), entry.What ?? "" });
        builder.CloseComponent();
        if (entry.Amount is not { } amount) return;
        builder.OpenComponent<Say>(3);
        builder.AddComponentParameter(4, nameof(Say.Key), "Customers.and-amount");
        builder.AddComponentParameter(5, nameof(Say.Args), new object?[] { Show.ExactMoney(Shop.Money(amount)) });
        builder.CloseComponent();
    };

    private string? Detail(TimelineEntry entry) => entry switch
    {
        { Detail: null } => null,
        { Kind: TimelineKind.Order, What: { } number } => T["Customers.order-no", number] + " · " + entry.Detail,
        { Kind: TimelineKind.Refund } => T["Customers.order-no", entry.Detail],
        { Kind: TimelineKind.Visit or TimelineKind.Cart } => Texts.Find($"Customers.device-{entry.Detail.ToLowerInvariant()}") ?? entry.Detail,
        _ => entry.Detail,
    };

    private static string Key(TimelineKind kind) => kind.ToString().ToLowerInvariant();

    private static string Icon(TimelineKind kind) => kind switch
    {
        TimelineKind.Order => "bag",
        TimelineKind.Refund => "undo",
        TimelineKind.Cart => "basket",
        TimelineKind.Review => "comment",
        TimelineKind.Offer => "tag",
        _ => "eye",
    };

    private static string Stars(double stars)
    {
        var full = (int)Math.Clamp(Math.Round(stars), 0, MostStars);
        return new string('★', full) + new string('☆', MostStars - full);
    }

    private static Sentiment? Sentiment(TimelineReview review) => Enum.TryParse<Sentiment>(review.Sentiment, ignoreCase: true, out var sentiment) ? sentiment : null;

    private static WordWeight[] Marks(TimelineReview review) =>
        review.WordsJson is null ? [] : JsonSerializer.Deserialize<WordWeight[]>(review.WordsJson, JsonSerializerOptions.Web) ?? [];
}
