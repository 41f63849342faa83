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

    /// <summary>Products, customers and orders have ids, so that a file can bring them up to date.</summary>
    public bool HasKeys => Inspection?.Kind is DatasetKind.Products or DatasetKind.Customers or DatasetKind.Orders;

    /// <summary>What the file is; with its orders counted once all of it has been tried.</summary>
    public string AnswerKey => Tried is { Orders: > 0 } && !IsPartial ? "Import.is-orders" : Inspection?.Preset is null ? "Import.is-file" : "Import.is-preset";

    public bool IsPartial => Inspection?.EstimatedRows > MostTried;

    /// <summary>Counted by the dry run where it read the whole file, else judged by the file's size.</summary>
    public long Rows => Tried is { } tried && !IsPartial ? tried.Read : Inspection?.EstimatedRows ?? 0;

    public ImportChoices Choices => new(Mode, Force, DropIdentical, Remember);

    /// <summary>The dry run shows what the rows would do, also of a file that is here already.</summary>
    public ImportChoices TriedChoices => Choices with { Force = true };

    public void Show(Outcome<FileInspection> inspected)
    {
        _decided.Clear();
        Inspection = inspected.TryGet(out var found, out var problem) ? found : null;
        Problem = problem;
        Mapping = Inspection?.Mapping;
        Mode = HasKeys ? ImportMode.Upsert : ImportMode.Append;

        // What another encoding or delimiter may mend is no dead end: the choices stand below the problem.
        State = problem is null ? PageState.Ready : Mendable.Contains(problem.Code) ? PageState.Empty : PageState.Problem;
    }

    public void ShowTried(ImportReport? report, Problem? problem) => (Tried, TryProblem) = (report, problem);

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

    public void ChooseDateOrder(DateOrder order) => Mapping = Mapping is null ? null : Mapping with { DateOrder = order };

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

    public IEnumerable<ImmutableArray<string>> PreviewRows()
    {
        if (Inspection is null || Mapping is null) yield break;
        int[] places = [.. PreviewRoles.Select(role => Mapping.Columns.ToList().FindIndex(column => column.Role == role))];
        foreach (var row in Inspection.Preview.Take(5))
            yield return [.. places.Select(place => place >= 0 && place < row.Length ? Cell(row[place], Mapping.Columns[place].Role) : "–")];
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
        if (Mapping.Check() is { } problem) return ProblemText.Of(problem);
        if (Inspection is { AsksDateOrder: true } && Mapping.DateOrder is null) return texts["Import.date-order-why"];
        return Inspection?.SameFile is not null && !Force ? texts["Import.same-file-why"] : null;
    }

    public string RolesTitle(Texts texts) => Mapping is not null && Roles.Missing(Mapping) is { IsEmpty: false } missing
        ? texts["Import.roles-missing", string.Join(", ", missing.Select(group => string.Join(" / ", group.Split(" / ").Select(key => texts[$"Import.role-{key}"]))))]
        : texts["Import.roles-found"];

    public string ShapeText(Texts texts)
    {
        if (Inspection is not { } file) return "";
        var header = texts[file.Shape.HasHeader ? "Import.with-header" : "Import.without-header"];
        if (file.Shape.Format != FileFormat.Csv) return texts["Import.shape", texts[$"Import.format-{file.Shape.Format}"], file.Shape.Part ?? texts["Import.one-part"], header];
        var delimiter = texts[file.Shape.Delimiter switch { ';' => "Import.semicolon", '\t' => "Import.tab", '|' => "Import.bar", _ => "Import.comma" }];
        return texts["Import.shape", texts[$"Import.encoding-{file.Shape.Encoding}"], delimiter, header];
    }

    private static string Cell(string text, ColumnRole role) =>
        text.Length == 0 ? "–" : Shorten(role is ColumnRole.Email or ColumnRole.Phone or ColumnRole.CustomerName ? Contacts.Mask(text) : role == ColumnRole.EventType ? EventNames.Find(text) ?? text : text);

    private static string Shorten(string value) => value.Length <= 28 ? value : value[..27] + "…";
}
