using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Settings;

public sealed partial class DeliveriesPanel
{
    [Parameter, EditorRequired] public required DeliveryList List { get; set; }
    [Parameter, EditorRequired] public required DeliveryQuestion Question { get; set; }
    [Parameter] public EventCallback<DeliveryQuestion> OnAsk { get; set; }
    [Parameter, EditorRequired] public required ShopView Shop { get; set; }

    private Choice<DeliveryState?>[] States =>
        [new(null, T["Messages.all-states"]), .. Enum.GetValues<DeliveryState>().Select(state => new Choice<DeliveryState?>(state, T[$"Messages.state-{state}"]))];

    /// <summary>The rule, and what went wrong last where something did.</summary>
    private string? Reason(DeliveryRow row)
    {
        var rule = row.Reason == DeliveryReason.None ? null : T[$"Messages.reason-{row.Reason}"];
        var fault = row.LastFault is null ? null : T[$"Messages.fault-{row.LastFault}", row.LastStatus];
        return rule is null || fault is null ? rule ?? fault : $"{rule} · {fault}";
    }

    private static Tone ToneOf(DeliveryState state) => state switch
    {
        DeliveryState.Sent => Tone.Good,
        DeliveryState.Failed => Tone.Bad,
        DeliveryState.Suppressed => Tone.Attention,
        _ => Tone.Neutral,
    };
}
