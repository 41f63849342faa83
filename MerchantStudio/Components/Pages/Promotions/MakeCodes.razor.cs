using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace MerchantStudio.Components.Pages.Promotions;

public sealed partial class MakeCodes
{
    private const long MostBytes = 64 << 20;
    private Guid? _rule;
    private CodeBatchKind _kind;
    private string? _name;
    private string? _word;
    private string? _prefix;
    private string? _file;
    private decimal? _count = 1_000;
    private decimal? _uses;
    private IReadOnlyList<string>? _lines;
    private Problem? _fault;
    private bool _busy;

    /// <summary>A file that was taken in without some of its lines.</summary>
    private CodeImport? _taken;

    [Inject] public required CodeBatches Batches { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    [Parameter] public bool Open { get; set; }
    [Parameter] public EventCallback<bool> OpenChanged { get; set; }

    /// <summary>Rules that can still have codes.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<Choice<Guid?>> Rules { get; set; }

    [Parameter, EditorRequired] public required Func<Task<Outcome<WorkspaceScope>>> Scope { get; set; }

    /// <summary>The batch that was made.</summary>
    [Parameter] public EventCallback<Guid> OnMade { get; set; }

    private Choice<CodeBatchKind>[] Kinds => [.. Enum.GetValues<CodeBatchKind>().Select(kind => new Choice<CodeBatchKind>(kind, T[$"Codes.kind-{kind}"]))];

    protected override void OnParametersSet() => _rule ??= Rules is [var first, ..] ? first.Value : null;

    private string? FaultOf(params ReadOnlySpan<string> codes) => _fault is { } fault && codes.Contains(fault.Code) ? ProblemText.Of(fault) : null;

    private async Task ReadAsync(IBrowserFile file)
    {
        (_fault, _lines, _file) = (null, null, file.Name);
        if (file.Size > MostBytes)
        {
            _fault = new CodeFileTooLarge(file.Name, MostBytes >> 20);
            return;
        }

        await using var stream = file.OpenReadStream(MostBytes);
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { } line && lines.Count <= CodeBatches.MostCodes) lines.Add(line);
        _lines = lines;
    }

    private async Task MakeAsync()
    {
        if (_rule is not { } rule || !(await Scope()).TryGet(out var scope, out _)) return;
        _busy = true;
        try
        {
            if (_kind == CodeBatchKind.Imported) await TakeInAsync(scope, rule);
            else await CreateAsync(scope, rule);
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task CreateAsync(WorkspaceScope scope, Guid rule)
    {
        var shared = _kind == CodeBatchKind.Shared;
        var word = shared && !string.IsNullOrWhiteSpace(_word) ? _word.Trim() : null;
        var draft = new CodeBatchDraft(_name ?? "", _kind, (int)(_count ?? 0), shared ? "" : _prefix?.Trim().ToUpperInvariant() ?? "", word, shared ? (int?)_uses : null);
        if ((await Batches.CreateAsync(scope, rule, draft, CancellationToken.None)).TryGet(out var batch, out _fault)) await DoneAsync(batch.Id, T["Codes.made", Show.Count(batch.Codes)]);
    }

    private async Task TakeInAsync(WorkspaceScope scope, Guid rule)
    {
        if (!(await Batches.ImportAsync(scope, rule, _name ?? "", _lines ?? [], CancellationToken.None)).TryGet(out var import, out _fault)) return;
        if (import.AlreadyTaken + import.NoCode == 0) await DoneAsync(import.Batch, T["Codes.taken-in", Show.Count(import.Added)]);
        else _taken = import;
    }

    // Whoever closes the list of what was left out has the codes all the same.
    private Task CloseAsync(bool open) => _taken is { } import ? ShowAsync(import.Batch) : OpenChanged.InvokeAsync(open);

    private Task ShowAsync(Guid batch)
    {
        (_taken, _name, _word, _lines, _file) = (null, null, null, null, null);
        return LeaveAsync(batch);
    }

    private async Task LeaveAsync(Guid batch)
    {
        await OpenChanged.InvokeAsync(false);
        await OnMade.InvokeAsync(batch);
    }

    private async Task DoneAsync(Guid batch, string said)
    {
        (_name, _word, _lines, _file) = (null, null, null, null);
        Toasts.Say(said);
        await LeaveAsync(batch);
    }
}
