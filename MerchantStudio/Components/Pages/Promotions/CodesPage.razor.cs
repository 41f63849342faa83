using MerchantStudio.Components.Kit;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Promotions;

public sealed partial class CodesPage
{
    private string? _opened;
    private bool _busy;
    private bool _making;
    private string? _qr;
    private Problem? _qrFault;

    [Inject] public required CodesViewModel Model { get; init; }
    [Inject] public required Downloads Downloads { get; init; }

    [SupplyParameterFromQuery] public string? Rule { get; set; }

    /// <summary>"used" or "unused"; all without.</summary>
    [SupplyParameterFromQuery] public string? Used { get; set; }

    [SupplyParameterFromQuery] public string? Search { get; set; }

    /// <summary>Only the codes of one batch.</summary>
    [SupplyParameterFromQuery] public string? Batch { get; set; }

    private IReadOnlyList<Choice<Guid?>> OpenRules => [.. Model.AllRules.Where(rule => rule.State != CouponRuleState.Ended && rule.Draft?.Method != RuleMethod.Automatic).Select(rule => new Choice<Guid?>(rule.Id, rule.Name))];

    private IReadOnlyList<Choice<Guid?>> RuleChoices => [new(null, T["Promotions.all-rules"]), .. Model.Rules.Select(rule => new Choice<Guid?>(rule.Id, rule.Name))];

    private IReadOnlyList<Choice<string>> UsedChoices => [new("all", T["Promotions.filter-all"]), new("used", T["Promotions.filter-used"]), new("unused", T["Promotions.filter-unused"])];

    protected override async Task OnParametersSetAsync()
    {
        var address = $"{Workspace}?{Rule}&{Used}&{Search}&{Batch}";
        if (_opened == address) return;
        _opened = address;
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        await Model.ShowAsync(scope, new CodeQuestion(Guid.TryParse(Rule, out var rule) ? rule : null, Used switch { "used" => true, "unused" => false, _ => null }, Search, BatchId: Guid.TryParse(Batch, out var batch) ? batch : null), Leaving);
    }

    // What is looked at is in the address, so that it can be shared.
    private void Ask(Guid? rule, string? used, string? search) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(Link("codes"), new Dictionary<string, object?>
    {
        ["rule"] = rule?.ToString("D"),
        ["used"] = used == "all" ? null : used,
        ["search"] = string.IsNullOrWhiteSpace(search) ? null : search.Trim(),
    }));

    private string RuleName(CodeBatch batch) => Model.AllRules.FirstOrDefault(rule => rule.Id == batch.RuleId)?.Name ?? "";

    private async Task SheetAsync(string address)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        if (!(await Model.SheetAsync(scope, address, Leaving)).TryGet(out var file, out _qrFault)) return;
        _qr = null;
        await Downloads.SaveAsync("codes.html", file, Leaving);
    }

    private async Task DownloadAsync(bool wooCommerce, ExportFormat format)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        _busy = true;
        try
        {
            if (await Model.FileAsync(scope, wooCommerce, format, Leaving) is { } file) await Downloads.SaveAsync(wooCommerce ? "codes-woocommerce.csv" : $"codes.{ExportMenu.ExtensionOf(format)}", file, Leaving);
        }
        finally
        {
            _busy = false;
        }
    }
}
