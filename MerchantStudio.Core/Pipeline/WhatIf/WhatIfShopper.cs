using System.Collections.Immutable;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.WhatIf;

/// <summary>A feature that can be moved.</summary>
/// <param name="Feature">Key in the catalogue.</param>
/// <param name="Value">The shopper's own.</param>
/// <param name="Low">5 % of the shop's shoppers lie below, or the shopper's own value if that is less.</param>
/// <param name="High">5 % lie above, or her own value if that is more.</param>
/// <param name="Spread">How far the chance moves when the feature goes from low to high, 0 to 1.</param>
public sealed record WhatIfFeature(string Feature, double Value, double Low, double High, double Step, double Spread);

/// <summary>One feature moved.</summary>
public sealed record WhatIfChange(string Feature, double From, double To);

/// <summary>The smallest changes that bring the chance across the model's threshold.</summary>
public sealed record WhatIfSuggestion(ImmutableArray<WhatIfChange> Changes, double Chance);

/// <summary>One shopper and the live model, in memory: only features that a shop can act on may be moved, within what the shop's shoppers show.</summary>
public sealed class WhatIfShopper
{
    private const int MostFeatures = 4;
    private const int MostSuggestions = 3;
    private const double Steps = 100;

    private readonly FeatureMatrix _row;
    private readonly ImmutableDictionary<string, ChangeableColumn> _changeable;
    private readonly Counterfactuals _counterfactuals;

    internal WhatIfShopper(IntentModel model, FeatureMatrix row, FeatureDefinition[] features, ImmutableDictionary<string, Interval> ranges, double threshold)
    {
        _row = row;
        _changeable = features.Where((feature, column) => ranges.ContainsKey(feature.Key) && !float.IsNaN(row[0, column])).ToImmutableDictionary(feature => feature.Key, feature => Changeable(feature, features, ranges[feature.Key]));
        _counterfactuals = new Counterfactuals(model.Probabilities, row, [.. _changeable.Values.OrderBy(column => column.Column)]);
        Threshold = threshold;
        Chance = _counterfactuals.Chance([]);
        Features = [.. _counterfactuals.Spreads().Where(pair => pair.Spread > 0).Take(MostFeatures).Select(pair => new WhatIfFeature(Key(pair.Column.Column), row[0, pair.Column.Column], pair.Column.Low, pair.Column.High, pair.Column.Step, pair.Spread))];
        Suggestions = [.. _counterfactuals.Crossing(threshold, MostSuggestions).Select(found => new WhatIfSuggestion([.. found.Changes.Select(change => new WhatIfChange(Key(change.Column), change.From, change.To))], found.Chance))];
    }

    /// <summary>As things are.</summary>
    public double Chance { get; }

    /// <summary>From here on the model says "will buy".</summary>
    public double Threshold { get; }

    /// <summary>Those that move her chance most.</summary>
    public ImmutableArray<WhatIfFeature> Features { get; }

    /// <summary>Smallest first; empty when nothing that can be done would cross.</summary>
    public ImmutableArray<WhatIfSuggestion> Suggestions { get; }

    /// <summary>The chance if these features had other values; values beyond the range count as its end.</summary>
    public Outcome<double> With(IReadOnlyDictionary<string, double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var changes = new List<ColumnChange>();
        foreach (var (feature, value) in values)
        {
            if (!_changeable.TryGetValue(feature, out var column)) return new FeatureNotActionable(feature);
            changes.Add(new ColumnChange(column.Column, _row[0, column.Column], Math.Clamp((float)value, column.Low, column.High)));
        }

        return _counterfactuals.Chance(changes);
    }

    private string Key(int column) => _row.Columns[column].Name;

    private ChangeableColumn Changeable(FeatureDefinition feature, FeatureDefinition[] features, Interval range)
    {
        var column = Array.IndexOf(features, feature);
        var own = _row[0, column];
        var (low, high) = (Math.Min(own, (float)range.Low), Math.Max(own, (float)range.High));
        var step = feature.Unit == FeatureUnit.Count ? 1 : (float)Math.Max(1e-6, (high - low) / Steps);
        return new ChangeableColumn(column, low, high, step, [.. FeatureCatalog.Consequences(feature).Select(one => new Consequence(Array.FindIndex(features, other => other.Key == one.Key), one.Kind, one.Number)).Where(one => one.Column >= 0)]);
    }
}
