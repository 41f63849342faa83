using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Segments;

public sealed partial class SegmentsPage
{
    private string? _opened;
    private string _way = "11";
    private bool _byRevenue;
    private bool _saving;
    private bool _cutting;
    private bool _deletingOpen;
    private string? _name;
    private SegmentRow? _deleting;
    private RefreshNote? _refresh;

    [Inject] public required SegmentsViewModel Model { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    /// <summary>Key of the group that the page speaks of.</summary>
    [SupplyParameterFromQuery] public string? Pick { get; set; }

    /// <summary>Saved segment to edit.</summary>
    [SupplyParameterFromQuery] public string? Edit { get; set; }

    private IReadOnlyList<Choice<string>> Ways => [new("11", T["Segments.view-11"]), new("8", T["Segments.view-8"]), new("clusters", T["Segments.view-clusters"])];

    private IReadOnlyList<Choice<bool>> Measures => [new(false, T["Segments.by-customers"]), new(true, T["Segments.by-revenue"], Disabled: Model.Report?.HasPrices != true)];

    private string PickedName => Model.Names.Of(Model.Picked);

    private string? SecondThought
    {
        get
        {
            if (!Model.Picked.StartsWith("rfm:", StringComparison.Ordinal)) return null;
            var about = T["Segments.about-" + Model.Picked["rfm:".Length..]];
            return Model.PickedFigures switch
            {
                { Before: { } before } figures when figures.Shoppers > before => T["Segments.second-change", Show.Count(figures.Shoppers - before), about],
                { Before: { } before } figures when figures.Shoppers < before => T["Segments.second-fewer", Show.Count(before - figures.Shoppers), about],
                { Before: not null } => T["Segments.second-same", about],
                _ => T["Segments.second-about", about],
            };
        }
    }

    private string MapFinding
    {
        get
        {
            if (Model.PickedFigures is not { } figures) return T["Segments.title"];
            if (figures.Before is not { } before || figures.Shoppers == before) return T["Segments.map-title", PickedName, Show.Count(figures.Shoppers)];
            if (figures.Shoppers < before) return T["Segments.map-shrank", PickedName, Show.Count(before - figures.Shoppers)];
            var from = Model.Picked.StartsWith("rfm:", StringComparison.Ordinal) ? Model.Report!.Moves.Where(move => $"rfm:{move.To}" == Model.Picked).MaxBy(move => move.Shoppers) : null;
            return from is null ? T["Segments.map-grew", PickedName, Show.Count(figures.Shoppers - before)] : T["Segments.map-grew-from", PickedName, Show.Count(figures.Shoppers - before), T["Segments.rfm-" + from.From]];
        }
    }

    private string MapSubtitle => _way switch
    {
        "8" => T["Segments.map-subtitle-8", Show.Count(Model.Report!.Customers)],
        "clusters" => T["Segments.map-subtitle-clusters", Show.Count(Model.Report!.Shoppers), Model.Report.Clusters?.K ?? 1],
        _ => T[Model.Report!.CutsEdited ? "Segments.map-subtitle-edited" : "Segments.map-subtitle", Show.Count(Model.Report.Customers)],
    };

    protected override async Task OnParametersSetAsync()
    {
        var address = $"{Workspace}?{Pick}&{Edit}";
        if (_opened == address) return;
        _opened = address;
        if (Pick?.StartsWith("rfm8:", StringComparison.Ordinal) == true) _way = "8";
        if (Pick?.StartsWith("cluster:", StringComparison.Ordinal) == true) _way = "clusters";
        await ActAsync(scope => Model.ShowAsync(scope, Shop, Pick, Guid.TryParse(Edit, out var edit) ? edit : null, Leaving));
    }

    private static string SourceKey(SegmentRow row) => row.Fault is not null ? "Segments.fault" : row.Source switch
    {
        SegmentSource.Rfm => "Segments.from-rfm",
        SegmentSource.Cluster => "Segments.from-cluster",
        _ => "Segments.from-rules",
    };

    private async Task ActAsync(Func<WorkspaceScope, Task> act)
    {
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await act(scope);
    }

    // The group spoken of is in the address, so that it can be shared.
    private Task PickAsync(string key)
    {
        _opened = $"{Workspace}?{key}&";
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(Link("segments"), new Dictionary<string, object?> { ["pick"] = key }), replace: true);
        return ActAsync(async scope =>
        {
            await Model.EditAsync(scope, new SegmentRow(key, "", SegmentSource.Rfm, 0, null, null, [], null, null), Leaving);
            await Model.PickAsync(scope, key, Leaving);
        });
    }

    private Task ShowWay(string? way)
    {
        _way = way ?? "11";
        var first = _way switch
        {
            "8" => "rfm8:" + Model.Report!.Groups8.MaxBy(group => group.Shoppers)!.Key,
            "clusters" => Model.Report!.Clusters is { } clusters ? $"cluster:{clusters.Profiles.MaxBy(profile => profile.Figures.Shoppers)!.Number}" : Model.Picked,
            _ => "rfm:" + (Model.Report!.Groups.FirstOrDefault(group => group is { Key: "at_risk", Shoppers: > 0 }) ?? Model.Report.Groups.MaxBy(group => group.Shoppers))!.Key,
        };
        return PickAsync(first);
    }

    private Task BeginAsync() => ActAsync(scope => Model.BeginAsync(scope, Leaving));

    private Task EditAsync(SegmentRow row) => ActAsync(scope => Model.EditAsync(scope, row, Leaving));

    private Task CountAsync() => ActAsync(scope => Model.CountAsync(scope, Leaving));

    private void OpenSave() => (_saving, _name) = (true, Model.Editing?.Name);

    private Task SaveAsync() => ActAsync(async scope =>
    {
        if (!await Model.SaveAsync(scope, Shop, _name ?? "", Leaving)) return;
        _saving = false;
        Toasts.Say(T["Segments.saved"]);
    });

    private void AskDelete(SegmentRow row) => (_deleting, _deletingOpen) = (row, true);

    private Task DeleteAsync() => ActAsync(async scope =>
    {
        if (_deleting is null) return;
        Toasts.Say(await Model.DeleteAsync(scope, Shop, _deleting, Leaving) ? T["Segments.deleted"] : ProblemText.Of(Model.Refusal!));
    });

    private Task SaveCutsAsync(RfmCuts? cuts) => ActAsync(async scope =>
    {
        if (!await Model.SaveCutsAsync(scope, cuts, Leaving)) return;
        _cutting = false;
        Toasts.Say(T["Segments.cuts-saved"]);
        if (_refresh is not null) await _refresh.LookAsync();
    });
}
