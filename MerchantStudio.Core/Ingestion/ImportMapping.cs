using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion;

/// <summary>A column of the file and what it means.</summary>
public sealed record MappedColumn(string Name, ColumnRole Role);

/// <summary>How a file's columns and words become ours. Round-trips as JSON.</summary>
public sealed record ImportMapping
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    public required DatasetKind Kind { get; init; }

    /// <summary>Key of the preset it came from: "taobao-userbehavior"; null when mapped by hand.</summary>
    public string? Preset { get; init; }

    public bool HasHeader { get; init; } = true;

    /// <summary>Null leaves the encoding to detection.</summary>
    public TextEncoding? Encoding { get; init; }

    /// <summary>Null leaves the delimiter to detection.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Sheet, table, list or archive member to read; null for the largest.</summary>
    public string? Part { get; init; }

    /// <summary>With a header found by name, else by position.</summary>
    public required ImmutableArray<MappedColumn> Columns { get; init; }

    /// <summary>Columns made of those that the file has.</summary>
    public ImmutableArray<DerivedColumn> Derived { get; init; } = [];

    /// <summary>For dates like 3/4/2026; null when the file has none, or says it itself.</summary>
    public DateOrder? DateOrder { get; init; }

    public bool DecimalComma { get; init; }

    /// <summary>The event that every row is, for files without an event column: "purchase".</summary>
    public string? EveryRowIs { get; init; }

    /// <summary>An order id that begins with this is a refund: "C".</summary>
    public string? RefundPrefix { get; init; }

    /// <summary>Of orders and products: cells that stand on the first row only hold for the rows below it, too.</summary>
    public bool FillDown { get; init; }

    /// <summary>Shoppers are known by their e-mail, else their phone, and only then by an id: so that a platform's orders and customers meet.</summary>
    public bool ShopperByContact { get; init; }

    /// <summary>Order lines without shopper and time: both come from the orders, which are imported before.</summary>
    public bool LinesOfKnownOrders { get; init; }

    /// <summary>The file's own order states that are not in our vocabulary: paid, pending, cancelled, refunded or partially_refunded.</summary>
    public ImmutableSortedDictionary<string, string> OrderStates { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The file's own event names that are not in our vocabulary, and what they mean; an empty meaning leaves the rows out as unknown.</summary>
    public ImmutableSortedDictionary<string, string> EventNames { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The file's own review labels as positive, neutral or negative.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the file's own and the derived columns mean together.</summary>
    [JsonIgnore]
    public IEnumerable<ColumnRole> MappedRoles => Columns.Select(column => column.Role).Concat(Derived.Select(column => column.Role)).Where(role => role != ColumnRole.Ignore);

    [JsonIgnore]
    public FileReading Reading => new(Encoding, Delimiter, HasHeader) { Part = Part, MaxColumns = Kind == DatasetKind.Features ? FileReading.MostFeatureColumns : FileReading.MostColumns };

    /// <summary>Null when an import can go ahead, else what is missing.</summary>
    public Problem? Check()
    {
        var missing = Roles.Missing(this);
        if (!missing.IsEmpty)
        {
            return Columns.Length == 1
                ? ImportProblems.OneColumn()
                : ImportProblems.RolesMissing(string.Join(", ", missing));
        }

        if (Derived.FirstOrDefault(column => !column.IsComplete) is { } unfinished) return ImportProblems.DerivedUnfinished(Roles.Key(unfinished.Role));
        var twice = MappedRoles.Where(role => role != ColumnRole.Feature).GroupBy(role => role).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? null
            : ImportProblems.RoleTwice(Roles.Key(twice.Key), string.Join(", ", Columns.Where(column => column.Role == twice.Key).Select(column => column.Name)));
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <returns>The mapping, or where the JSON is wrong.</returns>
    public static Outcome<ImportMapping> FromJson(string json)
    {
        try
        {
            var mapping = JsonSerializer.Deserialize<ImportMapping>(json, Json);
            return mapping is null || mapping.Columns.IsDefaultOrEmpty ? ImportProblems.MappingUnreadable("columns") : mapping;
        }
        catch (JsonException wrong)
        {
            return ImportProblems.MappingUnreadable(wrong.Path ?? "$");
        }
    }
}
