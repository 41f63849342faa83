using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Campaigns;

public sealed partial class CampaignsPage
{
    private string? _opened;
    private bool _busy;

    [Inject] public required CampaignsViewModel Model { get; init; }

    /// <summary>Condition of those whom a new campaign is for.</summary>
    [SupplyParameterFromQuery] public string? When { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        var address = $"{Workspace}?{When}";
        if (_opened == address) return;
        _opened = address;
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.ShowAsync(scope, Shop, When, Leaving);
    }

    private string Facts(CampaignView campaign)
    {
        var facts = new List<string>();
        if (campaign.AudienceCount is { } people) facts.Add(T["Campaigns.fact-audience", Show.Count(people)]);
        if (campaign.NextAt is { } next) facts.Add(T["Campaigns.fact-next", Shop.Time(next)]);
        else if (campaign.LastRunAt is { } last) facts.Add(T["Campaigns.fact-last", Shop.Time(last)]);
        facts.Add(campaign.StartedAt is { } started ? T["Campaigns.fact-launched", Shop.Ago(started)] : T["Campaigns.fact-made", Shop.Ago(campaign.ChangedAt ?? campaign.CreatedAt), campaign.CreatedBy]);
        return string.Join(" · ", facts);
    }

    private async Task BeginAsync(string? template)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        _busy = true;
        try
        {
            if (await Model.BeginAsync(scope, Shop, template, Leaving) is { } id) Navigation.NavigateTo(Link($"promotions/campaigns/{id:D}"));
        }
        finally
        {
            _busy = false;
        }
    }
}
