using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>What a file seems to be.</summary>
/// <param name="AsksDateOrder">Dates like 3/4/2026 occur and no value tells which number is the day.</param>
internal sealed record Recognition(DatasetKind Kind, string? Preset, double Confidence, ImmutableArray<ColumnSuggestion> Suggestions, ImportMapping Mapping, bool AsksDateOrder);

/// <summary>Finds the preset of a file, or judges its columns one by one.</summary>
internal static class Recognizer
{
    /// <summary>Below this a column is left for the merchant to decide.</summary>
    public const double Sure = 0.6;

    private static readonly DatasetKind[] Kinds = [DatasetKind.Events, DatasetKind.Reviews, DatasetKind.Customers, DatasetKind.Products, DatasetKind.Orders, DatasetKind.Feedback, DatasetKind.AdSpend];

    /// <param name="kind">Null to find it out.</param>
    /// <param name="presetKey">Null to find it out; "none" to judge the columns one by one.</param>
    public static Outcome<Recognition> Recognise(FileShape shape, ImmutableArray<ImmutableArray<string>> rows, DatasetKind? kind, string? presetKey)
    {
        var evidence = shape.Columns.Select((_, column) =>
            new ValueEvidence(rows.Where(row => column < row.Length && row[column].Length > 0).Select(row => row[column]))).ToArray();
        if (presetKey is not (null or "none"))
        {
            if (Presets.Find(presetKey) is not { } named) return ImportProblems.UnknownPreset(presetKey, Presets.Known);
            return named.Match(shape, rows, evidence) is { } fits ? FromPreset(named, fits.Roles, shape, evidence) : ImportProblems.PresetDoesNotFit(presetKey);
        }

        if (presetKey is null && Presets.Best(shape, rows, evidence, kind) is { } best) return FromPreset(best.Preset, best.Roles, shape, evidence);
        if (kind == DatasetKind.Features) return FeatureTable.Recognise(shape, evidence);
        if (kind is { } chosen) return ByColumns(chosen, shape, evidence);
        var candidates = Kinds.Select(candidate => ByColumns(candidate, shape, evidence)).ToList();

        // A kind that lacks what it needs is no better a guess than events, which most files are.
        var likeliest = candidates.Where(candidate => candidate.Kind == DatasetKind.Events || Roles.Missing(candidate.Mapping).IsEmpty).MaxBy(Likelihood)!;
        return FeatureTable.IsLikelier(likeliest, shape, evidence) ? FeatureTable.Recognise(shape, evidence) : likeliest;
    }

    private static Recognition FromPreset(Preset preset, ImmutableArray<ColumnRole> roles, FileShape shape, ValueEvidence[] evidence)
    {
        var confidence = shape.HasHeader ? 0.99 : 0.95;
        var suggestions = shape.Columns.Select((name, column) => new ColumnSuggestion(
            column, name, roles[column],
            roles[column] == ColumnRole.Ignore ? 0.9 : confidence * (0.65 + 0.35 * evidence[column].Fits(roles[column])),
            evidence[column].Samples, SuggestionReason.Preset)).ToImmutableArray();
        var mapping = Mapping(preset.Kind, shape, suggestions, evidence, out var asks) with
        {
            Preset = preset.Key,
            EveryRowIs = preset.EveryRowIs,
            RefundPrefix = preset.RefundPrefix,
            FillDown = preset.FillDown,
            ShopperByContact = preset.ShopperByContact,
            LinesOfKnownOrders = preset.LinesOfKnownOrders,
            Derived = IdOf(preset, shape, roles),
        };
        if (mapping.DateOrder is null && preset.DateOrder is not null) (mapping, asks) = (mapping with { DateOrder = preset.DateOrder }, false);
        return new Recognition(preset.Kind, preset.Key, confidence, suggestions, mapping, asks);
    }

    /// <summary>An id made of what tells rows apart, for files that have none: then an overlapping export brings no row twice.</summary>
    private static ImmutableArray<DerivedColumn> IdOf(Preset preset, FileShape shape, ImmutableArray<ColumnRole> roles)
    {
        if (preset.Identity.IsEmpty || !shape.HasHeader || roles.Contains(ColumnRole.MessageId) || !preset.Needed.All(roles.Contains)) return [];
        var parts = preset.Identity.Select(role => roles.IndexOf(role)).Concat(preset.IdentityNames.Select(name => shape.Columns.IndexOf(name))).Where(place => place >= 0);
        return [new DerivedColumn(ColumnRole.MessageId, DerivedHow.Fingerprint, [.. parts.Select(place => shape.Columns[place]).Distinct()])];
    }

    private static Recognition ByColumns(DatasetKind kind, FileShape shape, ValueEvidence[] evidence)
    {
        var candidates =
            from column in Enumerable.Range(0, shape.Columns.Length)
            from role in Roles.For(kind)
            let judged = Judge(shape.Columns[column], role, evidence[column])
            where judged.Confidence > 0.3
            orderby judged.Confidence descending, column
            select (column, role, judged.Confidence, judged.Why);
        var taken = new Dictionary<int, (ColumnRole Role, double Confidence, SuggestionReason Why)>();
        var roles = new HashSet<ColumnRole>();
        foreach (var (column, role, confidence, why) in candidates)
        {
            if (taken.ContainsKey(column) || !roles.Add(role)) continue;
            taken[column] = (role, confidence, why);
        }

        var suggestions = shape.Columns.Select((name, column) => taken.TryGetValue(column, out var found)
            ? new ColumnSuggestion(column, name, found.Role, found.Confidence, evidence[column].Samples, found.Why)
            : new ColumnSuggestion(column, name, ColumnRole.Ignore, 0, evidence[column].Samples, SuggestionReason.Nothing)).ToImmutableArray();
        var mapping = Mapping(kind, shape, suggestions, evidence, out var asks);
        if (kind == DatasetKind.Events && !roles.Contains(ColumnRole.EventType) && roles.Contains(ColumnRole.OrderId)) mapping = mapping with { EveryRowIs = "purchase" };
        if (kind == DatasetKind.Orders) mapping = mapping with { FillDown = true };
        var sure = suggestions.Where(suggestion => suggestion.Role != ColumnRole.Ignore).Select(suggestion => suggestion.Confidence).DefaultIfEmpty(0).Average();
        return new Recognition(kind, null, sure, suggestions, mapping, asks);
    }

    private static (double Confidence, SuggestionReason Why) Judge(string name, ColumnRole role, ValueEvidence evidence)
    {
        var byName = Roles.NameConfidence(role, name);
        if (byName > 0)
        {
            var fits = evidence.Fits(role);
            return fits >= 0.5 ? (byName * (0.6 + 0.4 * fits), SuggestionReason.Name) : (byName * 0.62, SuggestionReason.NameOnly);
        }

        return (evidence.PointsTo(role), SuggestionReason.Values);
    }

    /// <summary>A kind whose needed columns are all there comes first, then the one that explains more columns.</summary>
    private static double Likelihood(Recognition recognition)
    {
        var missing = Roles.Missing(recognition.Mapping).Length;
        var explained = recognition.Suggestions.Where(suggestion => suggestion.Confidence >= Sure).Sum(suggestion => suggestion.Confidence);
        var text = recognition.Kind == DatasetKind.Reviews && missing == 0 ? 3 : 0;
        var events = recognition.Kind == DatasetKind.Events && missing == 0 && recognition.Mapping.EveryRowIs is null ? 6 : 0;
        var orders = recognition.Kind == DatasetKind.Orders && missing == 0 && recognition.Mapping.Columns.Any(column => column.Role is ColumnRole.OrderState or ColumnRole.PaidAt or ColumnRole.LineTotal or ColumnRole.OrderTotal) ? 1 : 0;
        return explained + text + events + orders - missing * 4;
    }

    internal static ImportMapping Mapping(DatasetKind kind, FileShape shape, ImmutableArray<ColumnSuggestion> suggestions, ValueEvidence[] evidence, out bool asksDateOrder)
    {
        var time = suggestions.FirstOrDefault(suggestion => suggestion.Role is ColumnRole.Timestamp or ColumnRole.JoinedAt or ColumnRole.PaidAt);
        asksDateOrder = false;
        var order = time is null ? null : evidence[time.Column].OrderOfDates(out asksDateOrder);
        var label = suggestions.FirstOrDefault(suggestion => suggestion.Role == ColumnRole.Label);
        return new ImportMapping
        {
            Kind = kind,
            HasHeader = shape.HasHeader,
            Encoding = shape.Encoding,
            Delimiter = shape.Delimiter,
            Columns = [.. suggestions.Select(suggestion => new MappedColumn(suggestion.Name, suggestion.Confidence >= Sure ? suggestion.Role : ColumnRole.Ignore))],
            DateOrder = order,
            DecimalComma = suggestions.Any(suggestion => suggestion.Role is ColumnRole.Price or ColumnRole.Cost or ColumnRole.Discount or ColumnRole.LineTotal or ColumnRole.OrderTotal or ColumnRole.Spend && evidence[suggestion.Column].UsesDecimalComma()),
            Labels = label is null ? ReviewLabels.None : ReviewLabels.Suggest(evidence[label.Column].Distinct()),
        };
    }
}
