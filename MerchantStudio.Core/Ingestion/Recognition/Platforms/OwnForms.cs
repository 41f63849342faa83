using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using static MerchantStudio.Core.Ingestion.Recognition.ColumnRole;

namespace MerchantStudio.Core.Ingestion.Recognition.Platforms;

/// <summary>Our own forms, those of the templates: columns are named as their roles are.</summary>
internal static class OwnForms
{
    public static ImmutableArray<Preset> All { get; } =
    [
        Own("merchantstudio-events", DatasetKind.Events, [UserId, EventType, ItemId, Timestamp]),
        Own("merchantstudio-orders", DatasetKind.Orders, [OrderId, UserId, Timestamp, OrderState]),
        Own("merchantstudio-reviews", DatasetKind.Reviews, [ReviewText, Rating], ("title", ReviewTitle), ("text", ReviewText)),
        Own("merchantstudio-customers", DatasetKind.Customers, [UserId, Email], ("name", CustomerName)),
        Own("merchantstudio-products", DatasetKind.Products, [ItemId, ItemName, Category], ("name", ItemName)),
        Own("merchantstudio-feedback", DatasetKind.Feedback, [FeedbackType, UserId, ItemId]),
        Own("merchantstudio-ad-spend", DatasetKind.AdSpend, [Timestamp, Spend, Channel], ("date", Timestamp)),
    ];

    private static Preset Own(string key, DatasetKind kind, ImmutableArray<ColumnRole> needed, params (string Name, ColumnRole Role)[] otherNames) =>
        new(key, kind, [.. Roles.For(kind).Select(role => (Name: Roles.Key(role), Role: role)).Concat(otherNames).Select(column => Presets.Mark(column.Role, column.Name))], needed)
        {
            LeastMarks = needed.Length,
            Exact = true,
            FillDown = kind == DatasetKind.Orders,
        };
}
