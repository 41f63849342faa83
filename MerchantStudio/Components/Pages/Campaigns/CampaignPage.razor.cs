using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Campaigns;

public sealed partial class CampaignPage
{
    private const int MostRows = 500;
    private string? _opened;
    private bool _busy;
    private bool _launching;
    private bool _missing;
    private bool _ending;
    private bool _deleting;
    private CampaignResult? _result;
    private DeliveryList? _deliveries;
    private DeliveryQuestion _question = new();
    private Task? _following;

    [Inject] public required CampaignViewModel Model { get; init; }
    [Inject] public required CampaignResults Results { get; init; }
    [Inject] public required DeliveryLog Log { get; init; }
    [Inject] public required CampaignWatch Watch { get; init; }
    [Inject] public required MessageFiles Files { get; init; }
    [Inject] public required Downloads Downloads { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    [Parameter] public string CampaignId { get; set; } = "";

    /// <summary>Only the messages in this state.</summary>
    [SupplyParameterFromQuery] public string? Rows { get; set; }

    /// <summary>Only those that this rule kept back.</summary>
    [SupplyParameterFromQuery] public string? Reason { get; set; }

    private string? DraftSecond => Model.Forecast is not { } forecast ? null
        : forecast.Report.Suppressed.Values.Sum() is > 0 and var left ? T["Campaigns.second-left-out", Show.Count(left), Show.Count(forecast.HeldBack)]
        : T["Campaigns.second-all", Show.Count(forecast.HeldBack)];

    private (string Key, object?[] Args) ResultAnswer => _result is not { } result ? (Model.Campaign?.Name ?? "", [])
        : Model.Campaign?.State == CampaignState.Scheduled ? (T["Campaigns.result-scheduled"], [Show.Count(result.Treated)])
        : result.CodesGiven == 0 ? (T["Campaigns.result-message"], [Show.Count(result.Sent)])
        : result.Orders == 0 && result.CodesUsed == 0 ? (T["Campaigns.result-none"], [Show.Count(result.CodesGiven)])
        : (T["Campaigns.result"], [Show.Count(result.CodesUsed), Show.Count(result.CodesGiven), Money(result.OrderMinor), Money(result.CostMinor)]);

    private string? ResultSecond => _result is not { HeldBack: > 0 } result ? null : T["Campaigns.result-second", Show.Count(result.HeldBack)];

    protected override async Task OnParametersSetAsync()
    {
        var address = $"{Workspace}/{CampaignId}";
        if (_opened != address)
        {
            _opened = address;
            await ActAsync(scope => Model.OpenAsync(scope, Shop, Guid.TryParse(CampaignId, out var id) ? id : Guid.Empty, Leaving));
        }

        if (Model.Frozen) await ActAsync(LoadResultsAsync);
        Follow();
    }

    /// <summary>While the campaign runs the results come by themselves.</summary>
    private void Follow()
    {
        if (Model.Campaign is not { } campaign || !CampaignWatch.IsWorthWhile(campaign) || _following is { IsCompleted: false }) return;
        _following = InvokeAsync(async () =>
        {
            try
            {
                await Watch.FollowAsync(ScopeAsync, campaign, _result, async (_, _) =>
                {
                    if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
                    await Model.ReloadAsync(scope, Leaving);
                    await LoadResultsAsync(scope);
                    StateHasChanged();
                }, Leaving);
            }
            catch (OperationCanceledException)
            {
                // The page was left.
            }
        });
    }

    private async Task LoadResultsAsync(WorkspaceScope scope)
    {
        if (Model.Campaign is not { } campaign) return;
        var result = await Results.ReadAsync(scope, campaign.Id, Leaving);
        _result = result.Succeeded ? result.Value : null;
        _question = new DeliveryQuestion(campaign.Id, Enum.TryParse<DeliveryState>(Rows, out var state) ? state : null, Enum.TryParse<DeliveryReason>(Reason, out var reason) ? reason : null, Most: MostRows);
        var rows = await Log.ListAsync(scope, _question, Leaving);
        _deliveries = rows.Succeeded ? rows.Value : null;
    }

    private async Task ActAsync(Func<WorkspaceScope, Task> act)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        _busy = true;
        try
        {
            await act(scope);
        }
        finally
        {
            _busy = false;
        }
    }

    private Task ChangedAsync() => ActAsync(scope => Model.ChangedAsync(scope, Leaving));

    private Task OfferChangedAsync() => ActAsync(scope => Model.OfferChangedAsync(scope, Leaving));

    private Task ChooseAsync(Guid? rule) => ActAsync(scope => Model.ChooseOfferAsync(scope, Shop, rule, Leaving));

    private Task TryAsync() => ActAsync(scope => Model.TryAnotherAsync(scope, Leaving));

    private Task VariantAsync(int variant) => ActAsync(scope => Model.ChooseVariantAsync(scope, variant, Leaving));

    private Task RemoveAsync(int variant) => ActAsync(scope => Model.RemoveAsync(scope, variant, Leaving));

    private Task VariantOfferAsync(Guid? rule) => ActAsync(scope => Model.ChooseVariantOfferAsync(scope, rule, Leaving));

    private Task PreviewAsync(string shopper) => ActAsync(scope => Model.PreviewAsync(scope, shopper, Leaving));

    /// <summary>The summary before the launch, or everything that is still missing.</summary>
    private Task AskAsync() => ActAsync(async scope =>
    {
        var ready = await Model.IsReadyAsync(scope, Leaving);
        (_launching, _missing) = (ready, !ready && !Model.Faults.IsEmpty);
    });

    private Task LaunchAsync() => ActAsync(async scope =>
    {
        if (await Model.LaunchAsync(scope, Leaving) is not { } launched) return;
        Toasts.Say(launched.AwaitsApproval ? T["Campaigns.sent-for-approval"] : T["Campaigns.launched", Show.Count(launched.Audience)]);
        if (!launched.AwaitsApproval) await LoadResultsAsync(scope);
        Follow();
    });

    private Task PauseAsync() => MoveAsync(Model.PauseAsync, "Campaigns.paused");

    private Task ResumeAsync() => MoveAsync(Model.ResumeAsync, "Campaigns.resumed");

    private Task EndAsync() => MoveAsync(Model.EndAsync, "Campaigns.ended");

    private Task MoveAsync(Func<WorkspaceScope, CancellationToken, Task<bool>> move, string said) => ActAsync(async scope =>
    {
        if (await move(scope, Leaving)) Toasts.Say(T[said]);
        await LoadResultsAsync(scope);
        Follow();
    });

    private Task DeleteAsync() => ActAsync(async scope =>
    {
        if (!await Model.DeleteAsync(scope, Leaving)) return;
        Toasts.Say(T["Campaigns.deleted"]);
        Navigation.NavigateTo(Link("promotions/campaigns"));
    });

    private Task CopyAsync() => ActAsync(async scope =>
    {
        if (await Model.CopyAsync(scope, Leaving) is { } copy) Navigation.NavigateTo(Link($"promotions/campaigns/{copy:D}"));
    });

    // What is looked at is in the address, so that it can be shared.
    private void AskDeliveries(DeliveryQuestion question) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(Link($"promotions/campaigns/{CampaignId}"), new Dictionary<string, object?>
    {
        ["rows"] = question.State?.ToString(),
        ["reason"] = question.Reason?.ToString(),
    }));

    private Task FileAsync((string Occurrence, ExportFormat Format) asked) => ActAsync(async scope =>
    {
        if (Model.Campaign is not { } campaign) return;
        var file = new MemoryStream();
        var written = await Files.WriteAsync(scope, campaign.Id, asked.Occurrence, [.. MessageFiles.Columns.Select(column => T["Campaigns.file-" + column])], asked.Format, file, Leaving);
        if (!written.Succeeded) return;
        file.Position = 0;
        await Downloads.SaveAsync($"campaign-{(asked.Occurrence.Length == 0 ? "messages" : asked.Occurrence)}.{ExportMenu.ExtensionOf(asked.Format)}", file, Leaving);
        await LoadResultsAsync(scope);
    });

    private string Money(long minor) => Show.Money(new Money(minor, Shop.Currency));
}
