using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Kit;

/// <summary>One column of a <see cref="DataTable{TItem}"/>. Text is what it shows unless Cell draws more; the CSV holds Csv, else Text.</summary>
public sealed class Column<TItem> : ComponentBase
{
    [CascadingParameter] private DataTable<TItem>? Table { get; set; }

    [Parameter, EditorRequired] public required string Header { get; set; }

    /// <summary>Definition shown at the head.</summary>
    [Parameter] public string? About { get; set; }

    [Parameter, EditorRequired] public required Func<TItem, string?> Text { get; set; }
    [Parameter] public RenderFragment<TItem>? Cell { get; set; }
    [Parameter] public Func<TItem, CsvCell>? Csv { get; set; }

    /// <summary>What rows are ordered by; without it (and without SortKey) the column does not sort.</summary>
    [Parameter] public Func<TItem, IComparable?>? Sort { get; set; }

    /// <summary>Column's name in a <see cref="TableRequest"/>, for tables that load their rows.</summary>
    [Parameter] public string? SortKey { get; set; }

    /// <summary>True: sorted by this column at first, largest first; false: smallest first.</summary>
    [Parameter] public bool? SortedDescending { get; set; }

    /// <summary>Figures stand at the right.</summary>
    [Parameter] public bool Number { get; set; }

    /// <summary>The key figure.</summary>
    [Parameter] public bool Strong { get; set; }
    [Parameter] public bool Muted { get; set; }

    /// <summary>Not shown (nor exported) until chosen.</summary>
    [Parameter] public bool Optional { get; set; }

    /// <summary>Only on the screen (a button, a small picture): not in the CSV.</summary>
    [Parameter] public bool ScreenOnly { get; set; }
    [Parameter] public PhonePlace Phone { get; set; }

    /// <summary>Writes the head before the value where a phone shows it without one.</summary>
    [Parameter] public bool PhoneHead { get; set; }

    internal bool Sorts => Sort is not null || SortKey is not null;

    internal CsvCell CsvOf(TItem item) => Csv is null ? Text(item) : Csv(item);

    protected override void OnParametersSet() => Table?.Add(this);
}
