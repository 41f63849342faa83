using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Data;

/// <summary>The choices made about one file's columns and what they would lead to.</summary>
public sealed class ImportColumnsModel
{
    /// <summary>Rows that the dry run beside the columns reads at most.</summary>
    public const long MostTried = 200_000;

    public const int FewColumns = 14;
    private const double Sure = 0.6;
    private static readonly string[] Mendable = ["import.unknown-encoding", "import.too-many-columns", "import.header-only"];
    private readonly HashSet<int> _decided = [];
    private readonly HashSet<ColumnRole> _fillBlanks = [];
    private ImmutableArray<ColumnRole>? _keys;

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }
    public FileInspection? Inspection { get; private set; }
    public ImportMapping? Mapping { get; private set; }
    public ImportReport? Tried { get; private set; }
    public Problem? TryProblem { get; private set; }
    public bool ShowAll { get; set; }
    public bool Remember { get; set; } = true;
    public bool DropIdentical { get; set; }
    public bool Force { get; set; }
    public ImportMode Mode { get; set; }

    /// <summary>Products, customers and orders have ids, so that a file brings them up to date unless somebody says otherwise.</summary>
    private bool HasKeys => Inspection?.Kind is DatasetKind.Products or DatasetKind.Customers or DatasetKind.Orders;

    /// <summary>Tables of made features stand as a whole: they are added or replaced.</summary>
    public bool MayUpdate => Inspection?.Kind != DatasetKind.Features;

    /// <summary>What the file is; with its orders counted once all of it has been tried.</summary>
    public string AnswerKey =>
        Tried is { Orders: > 0 } && !IsPartial ? "Import.is-orders" : IsUnclear ? "Import.is-unclear" : Inspection?.Preset is null ? "Import.is-file" : "Import.is-preset";

    /// <summary>What tells that a row of the file is a row that is here: chosen, else the file's own id.</summary>
    public ImmutableArray<ColumnRole> Keys => Mapping is null ? [] : _keys is { } chosen ? [.. chosen.Where(KeyRoles.Contains)] : ImportChoices.OwnKeys(Mapping);

    /// <summary>Mapped columns that may tell rows apart: not names, which are kept encrypted, so that no two of them are equal, and none of orders, which are known by their number and line alone.</summary>
    public IEnumerable<ColumnRole> KeyRoles => Inspection is null || Mapping is null || Inspection.Kind is DatasetKind.Orders or DatasetKind.Features ? [] : Roles.For(Inspection.Kind)
        .Where(role => role is not (ColumnRole.CustomerName or ColumnRole.Description or ColumnRole.ReviewText) && (IsMapped(role) || (role == ColumnRole.EventType && Mapping.EveryRowIs is not null)));

    /// <summary>Mapped columns whose values an update may bring.</summary>
    public IEnumerable<ColumnRole> ValueRoles => Inspection is null ? [] : Roles.For(Inspection.Kind).Where(role => IsMapped(role) && !Keys.Contains(role));

    public bool NeedsKey => Mode == ImportMode.Upsert && Inspection?.Kind != DatasetKind.Orders && Keys.IsEmpty;

    /// <summary>The file has no id of its own, so that somebody has to say what tells its rows apart.</summary>
    public bool HasNoOwnKey => Mapping is not null && ImportChoices.OwnKeys(Mapping).IsEmpty;

    /// <summary>Nothing of the file was recognised.</summary>
    public bool IsUnclear => Inspection is { Preset: null, Remembered: false, Confidence: < 0.01 };

    public bool IsPartial => Inspection?.EstimatedRows > MostTried;

    /// <summary>Counted by the dry run where it read the whole file, else judged by the file's size.</summary>
    public long Rows => Tried is { } tried && !IsPartial ? tried.Read : Inspection?.EstimatedRows ?? 0;

    public ImportChoices Choices => new(Mode, Force, DropIdentical && Mode != ImportMode.Upsert, Remember)
    {
        Keys = Mode == ImportMode.Upsert && _keys is not null ? Keys : [],
        FillBlanks = Mode == ImportMode.Upsert ? [.. ValueRoles.Where(_fillBlanks.Contains)] : [],
    };

    /// <summary>The dry run shows what the rows would do, also of a file that is here already.</summary>
    public ImportChoices TriedChoices => Choices with { Force = true };

    public void Show(Outcome<FileInspection> inspected)
    {
        _decided.Clear();
        _fillBlanks.Clear();
        _keys = null;
        States = [];
        Inspection = inspected.TryGet(out var found, out var problem) ? found : null;
        Problem = problem;
        Mapping = Inspection?.Mapping;
        Mode = HasKeys ? ImportMode.Upsert : ImportMode.Append;

        // What another encoding or delimiter may mend is no dead end: the choices stand below the problem.
        State = problem is null ? PageState.Ready : Mendable.Contains(problem.Code) ? PageState.Empty : PageState.Problem;
    }

    public void ShowTried(ImportReport? report, Problem? problem)
    {
        (Tried, TryProblem) = (report, problem);
        if (report is not null) States = report.States.IsDefault ? [] : report.States;
    }

    public void Choose(int column, ColumnRole role)
    {
        if (Mapping is null) return;
        _decided.Add(column);
        var columns = Mapping.Columns;
        // A role stands in one column: choosing it here frees it there.
        if (role is not (ColumnRole.Ignore or ColumnRole.Feature)) columns = [.. columns.Select(other => other.Role == role ? other with { Role = ColumnRole.Ignore } : other)];
        Mapping = Mapping with { Columns = columns.SetItem(column, columns[column] with { Role = role }) };
        if (role == ColumnRole.EventType) Mapping = Mapping with { EveryRowIs = null };
    }

    public void Derive(ImmutableArray<DerivedColumn> columns)
    {
        if (Mapping is null) return;
        Mapping = Mapping with { Derived = columns };
        if (columns.Any(column => column.Role == ColumnRole.EventType)) Mapping = Mapping with { EveryRowIs = null };
    }

    public void ChooseKey(ColumnRole role, bool isKey) => _keys = isKey ? [.. KeyRoles.Where(other => other == role || Keys.Contains(other))] : Keys.Remove(role);

    public bool FillsBlanks(ColumnRole role) => _fillBlanks.Contains(role);

    public void FillBlanks(ColumnRole role, bool only)
    {
        if (only) _fillBlanks.Add(role);
        else _fillBlanks.Remove(role);
    }

    /// <summary>The file's column that has the role.</summary>
    public string ColumnOf(ColumnRole role) => Mapping?.Columns.FirstOrDefault(column => column.Role == role)?.Name ?? "";

    public void ChooseDateOrder(DateOrder order) => Mapping = Mapping is null ? null : Mapping with { DateOrder = order };

    /// <summary>What is said of an order state that nobody knows: how it counts.</summary>
    public static ImmutableArray<string> StateMeanings { get; } = [OrderStates.Paid, OrderStates.Pending, OrderStates.Cancelled, OrderStates.Refunded];

    /// <summary>Order states to be explained before the import, and those that have been.</summary>
    /// <remarks>They stay while the rows are counted anew, so that whoever chooses by keyboard does not lose the place.</remarks>
    public ImmutableArray<StateCount> States { get; private set; } = [];

    /// <summary>What the merchant should know of rows; how states count is asked instead of told.</summary>
    public IEnumerable<ImportNote> Notes => Tried?.Notes.Where(note => note.Code != "unknown_state" || States.IsEmpty) ?? [];

    public void MeanState(string written, string meaning) => Mapping = Mapping is null ? null : Mapping with { OrderStates = Mapping.OrderStates.SetItem(written, meaning) };

    public void MeanEvent(string written, string meaning) => Mapping = Mapping is null ? null : Mapping with { EventNames = Mapping.EventNames.SetItem(written, meaning) };

    /// <summary>Columns with a role or a question, and as many more as fit.</summary>
    public IEnumerable<ColumnSuggestion> Shown => Inspection is null ? [] : ShowAll || Inspection.Suggestions.Length <= FewColumns
        ? Inspection.Suggestions
        : Inspection.Suggestions.Where(column => RoleOf(column) != ColumnRole.Ignore || Asks(column)).Take(FewColumns);

    public ColumnRole RoleOf(ColumnSuggestion column) => Mapping?.Columns[column.Column].Role ?? ColumnRole.Ignore;

    /// <summary>A guess that is neither good enough to take nor poor enough to leave out.</summary>
    public bool Asks(ColumnSuggestion column) => column is { Confidence: > 0 and < Sure } && column.Role != ColumnRole.Ignore && !_decided.Contains(column.Column);

    public long RejectedIn(ColumnSuggestion column) => Tried?.Reasons.Where(reason => reason.Column == column.Name && reason.Column.Length > 0).Sum(reason => reason.Rows) ?? 0;

    /// <summary>Up to three values; contact fields masked.</summary>
    public static string Samples(ColumnSuggestion column, ColumnRole role, Texts texts)
    {
        if (column.Samples.IsEmpty) return texts["Import.empty"];
        var isContact = role is ColumnRole.Email or ColumnRole.Phone or ColumnRole.CustomerName;
        return string.Join(" · ", column.Samples.Select(value => Shorten(isContact ? Contacts.Mask(value) : value)));
    }

    /// <summary>The roles that tell most about a row, at most four.</summary>
    public IEnumerable<ColumnRole> PreviewRoles => Inspection is null || Mapping is null ? [] :
        Roles.For(Inspection.Kind).Where(role => Mapping.Columns.Any(column => column.Role == role)).Take(4);

    /// <param name="zone">The shop's, in which times are shown.</param>
    public IEnumerable<ImmutableArray<PreviewCell>> PreviewRows(TimeZoneInfo zone, Texts texts)
    {
        if (Inspection is null || Mapping is null) yield break;
        var reader = new PreviewReader(Mapping, zone);
        int[] places = [.. PreviewRoles.Select(role => Mapping.Columns.ToList().FindIndex(column => column.Role == role))];
        foreach (var row in Inspection.Preview.Take(5))
        {
            var read = reader.Read(row);
            yield return [.. places.Select(place => place >= 0 && place < read.Length ? Cell(row[place], read[place], Mapping.Columns[place], texts) : new PreviewCell("–", false))];
        }
    }

    public string Name(Texts texts) => Inspection?.Preset is { } preset ? texts[$"Import.preset-{preset}"] : texts[$"Import.kind-{Inspection?.Kind}"];

    public string Second(Texts texts)
    {
        if (WhyNot(texts) is { } why) return why;
        var questions = Inspection?.Suggestions.Count(Asks) ?? 0;
        return questions switch
        {
            0 => texts["Import.no-question"],
            1 => texts["Import.one-question"],
            _ => texts["Import.questions", questions],
        };
    }

    /// <summary>Why the import cannot start; null when it can.</summary>
    public string? WhyNot(Texts texts)
    {
        if (Mapping is null) return null;
        if (Missing(texts) is { } missing && Mapping.Columns.Length > 1) return texts["Import.choose-roles", missing];
        if (Mapping.Check() is { } problem) return ProblemText.Of(problem);
        if (NeedsKey) return texts["Import.choose-key"];
        if (Mode == ImportMode.Upsert && TryProblem is not null) return ProblemText.Of(TryProblem);
        if (Inspection is { AsksDateOrder: true } && Mapping.DateOrder is null) return texts["Import.date-order-why"];
        return Inspection?.SameFile is not null && !Force ? texts["Import.same-file-why"] : null;
    }

    public string RolesTitle(Texts texts) => Missing(texts) is { } missing ? texts["Import.roles-missing", missing] : texts["Import.roles-found"];

    private string? Missing(Texts texts) => Mapping is not null && Roles.Missing(Mapping) is { IsEmpty: false } missing
        ? string.Join(", ", missing.Select(group => string.Join(texts["Import.or"], group.Split(" / ").Select(key => texts[$"Import.role-{key}"]))))
        : null;

    private bool IsMapped(ColumnRole role) => Mapping!.MappedRoles.Contains(role);

    public string ShapeText(Texts texts)
    {
        if (Inspection is not { } file) return "";
        var header = texts[file.Shape.HasHeader ? "Import.with-header" : "Import.without-header"];
        if (file.Shape.Format != FileFormat.Csv) return texts["Import.shape", texts[$"Import.format-{file.Shape.Format}"], file.Shape.Part ?? texts["Import.one-part"], header];
        var delimiter = texts[file.Shape.Delimiter switch { ';' => "Import.semicolon", '\t' => "Import.tab", '|' => "Import.bar", _ => "Import.comma" }];
        return texts["Import.shape", texts[$"Import.encoding-{file.Shape.Encoding}"], delimiter, header];
    }

    private PreviewCell Cell(string written, string text, MappedColumn column, Texts texts)
    {
        var isBad = Tried?.Reasons.Any(reason => reason.Column == column.Name && reason.ExampleValue == written && (written.Length > 0 || text.Length == 0)) == true;
        if (text.Length == 0) return new PreviewCell("–", isBad);
        return new PreviewCell(column.Role switch
        {
            ColumnRole.Email or ColumnRole.Phone or ColumnRole.CustomerName => Contacts.Mask(text),
            ColumnRole.EventType => EventNames.Find(text) is { } name ? texts[$"Import.event-{name}"] : text,
            _ => text,
        }, isBad);
    }

    private static string Shorten(string value) => value.Length <= 28 ? value : value[..27] + "…";
}

/// <param name="IsBad">The value cannot be read as what its column means.</param>
public sealed record PreviewCell(string Text, bool IsBad);
