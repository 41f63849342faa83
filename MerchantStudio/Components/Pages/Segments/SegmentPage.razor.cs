using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Segments;

public sealed partial class SegmentPage
{
    private string? _opened;
    private bool _busy;

    [Inject] public required SegmentViewModel Model { get; init; }
    [Inject] public required Downloads Downloads { get; init; }

    [Parameter] public string Key { get; set; } = "";

    private string? Second => Model.Key.StartsWith("rfm:", StringComparison.Ordinal) ? T["Segments.second-about", T["Segments.about-" + Model.Key["rfm:".Length..]]] : null;

    protected override async Task OnParametersSetAsync()
    {
        var address = $"{Workspace}/{Key}";
        if (_opened == address) return;
        _opened = address;
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.ShowAsync(scope, Shop, Key, Leaving);
    }

    private string Mean(ClusterMeasure measure) => measure switch
    {
        { Mean: null } => "–",
        { Key: "discount_share", Mean: { } share } => Show.Percent(share),
        { Key: "average_order", Mean: { } amount } => Show.Money(Shop.Money((decimal)amount)),
        { Mean: { } mean } => Show.Number(mean),
    };

    private async Task DownloadAsync(ExportFormat format)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        _busy = true;
        try
        {
            if (await Model.FileAsync(scope, Shop.Currency, format, Leaving) is { } file) await Downloads.SaveAsync($"segment-{Key.Replace(':', '-')}.{ExportMenu.ExtensionOf(format)}", file, Leaving);
        }
        finally
        {
            _busy = false;
        }
    }
}
