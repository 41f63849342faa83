using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.WhatIf;
using MerchantStudio.Hosting;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Customers;

/// <summary>What a shopper's chance would be if something about her were otherwise: sliders, answered by the model in memory.</summary>
public sealed partial class WhatIfPanel : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly Dictionary<string, double> _moved = [];
    private WhatIfShopper? _shopper;
    private Problem? _problem;
    private double _chance;
    private (string Shopper, int Days)? _opened;

    [CascadingParameter] public ShopView Shop { get; set; } = default!;

    [Inject] public required ShopperWhatIf WhatIf { get; init; }

    [Inject] public required CurrentScope Scopes { get; init; }

    [Parameter, EditorRequired] public required string ShopperId { get; set; }

    [Parameter, EditorRequired] public required int HorizonDays { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_opened == (ShopperId, HorizonDays)) return;
        _opened = (ShopperId, HorizonDays);
        (_shopper, _problem) = (null, null);
        _moved.Clear();
        var scope = await Scopes.GetAsync(Shop.Workspace.Id, _leaving.Token);
        var opened = scope.TryGet(out var allowed, out var refused) ? await WhatIf.OpenAsync(allowed, new Core.Shop.ShopperId(ShopperId), HorizonDays, _leaving.Token) : refused;
        _shopper = opened.TryGet(out var shopper, out _problem) ? shopper : null;
        _chance = _shopper?.Chance ?? 0;
    }

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    private double At(WhatIfFeature feature) => _moved.GetValueOrDefault(feature.Feature, feature.Value);

    private void Move(string feature, double value)
    {
        _moved[feature] = value;
        if (_shopper!.With(_moved).TryGet(out var chance, out _problem)) _chance = chance;
    }

    private void Reset()
    {
        _moved.Clear();
        _chance = _shopper!.Chance;
    }

    private string Said(string feature, double value) => FeatureWords.Value(feature, value, Shop.Currency);

    private string Sentence(WhatIfSuggestion way)
    {
        object[] said = [.. way.Changes.SelectMany(change => new[] { FeatureWords.Name(T, change.Feature), Said(change.Feature, change.To), Said(change.Feature, change.From) }), Show.Percent(way.Chance)];
        return T[way.Changes.Length == 1 ? "Customers.whatif-one" : "Customers.whatif-two", said];
    }
}
