using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Data;

public sealed partial class ImportColumns : StudioPage
{
    private CancellationTokenSource? _trying;
    private Problem? _problem;
    private bool _starting;
    private FileReading? _reading;
    private DatasetKind? _kind;

    [Parameter, EditorRequired] public required ImportRecord Record { get; set; }
    [Parameter, EditorRequired] public required IReadOnlyList<Crumb> Way { get; set; }
    [Parameter] public EventCallback OnStarted { get; set; }
    [Inject] public required FileImporter Importer { get; init; }
    [Inject] public required JobQueue Jobs { get; init; }

    private ImportColumnsModel Model { get; } = new();

    private string Rows => Show.Count(Model.Rows);

    private IReadOnlyList<Choice<ColumnRole>> Choices =>
        [new(ColumnRole.Ignore, T["Import.role-ignore"]), .. Roles.For(Model.Inspection!.Kind).Select(role => new Choice<ColumnRole>(role, T[$"Import.role-{Roles.Key(role)}"]))];

    private IReadOnlyList<Choice<DatasetKind>> Kinds => [.. Enum.GetValues<DatasetKind>().Select(kind => new Choice<DatasetKind>(kind, T[$"Import.kind-{kind}"]))];

    private IReadOnlyList<Choice<ImportMode>> Modes => [.. Enum.GetValues<ImportMode>().Where(mode => mode != ImportMode.Upsert || Model.MayUpdate).Select(mode => new Choice<ImportMode>(mode, T[$"Import.mode-{mode}"]))];

    /// <summary>How much of the preview's width a column takes.</summary>
    private static string Share(ColumnRole role) => role switch
    {
        ColumnRole.ReviewText or ColumnRole.ReviewTitle or ColumnRole.ItemName or ColumnRole.Description => "32%",
        ColumnRole.Timestamp or ColumnRole.JoinedAt => "38%",
        ColumnRole.Rating or ColumnRole.Quantity or ColumnRole.Label => "14%",
        _ => "auto",
    };

    protected override Task OnInitializedAsync() => InspectAsync(null);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _trying?.Cancel();
        base.Dispose(disposing);
    }

    private Task ReadAsync(DatasetKind? kind, FileReading? change)
    {
        _kind = kind ?? _kind;
        if (change is not null)
        {
            _reading = new FileReading
            {
                Encoding = change.Encoding ?? _reading?.Encoding,
                Delimiter = change.Delimiter ?? _reading?.Delimiter,
                // Another sheet may begin otherwise.
                HasHeader = change.Part is null ? change.HasHeader ?? _reading?.HasHeader : null,
                Part = change.Part ?? _reading?.Part,
            };
        }

        return InspectAsync(kind is null ? null : "none");
    }

    /// <summary>Back to what the file itself tells.</summary>
    private Task RereadAsync()
    {
        _reading = null;
        return InspectAsync(null);
    }

    private async Task InspectAsync(string? preset)
    {
        var scope = await ScopeAsync();
        var inspected = scope.TryGet(out var allowed, out var problem) ? await Importer.InspectAsync(allowed, Record.Id, _kind, preset, _reading, Leaving) : problem;
        Model.Show(inspected);
        await TryAsync();
    }

    private Task Choose(int column, ColumnRole role)
    {
        Model.Choose(column, role);
        return TryAsync();
    }

    private Task DeriveAsync(ImmutableArray<DerivedColumn> columns)
    {
        Model.Derive(columns);
        return TryAsync();
    }

    /// <summary>Counts what an import would do; a newer choice stops the counting for an older one.</summary>
    private async Task TryAsync()
    {
        if (_trying is not null) await _trying.CancelAsync();
        if (Model.Mapping is not { } mapping || mapping.Check() is not null || Model.NeedsKey)
        {
            Model.ShowTried(null, null);
            return;
        }

        var trying = _trying = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
        Model.ShowTried(null, null);
        StateHasChanged();
        try
        {
            var scope = await ScopeAsync();
            if (!scope.TryGet(out var allowed, out var problem))
            {
                Model.ShowTried(null, problem);
                return;
            }

            var tried = await Importer.TryAsync(allowed, Record.Id, mapping, Model.TriedChoices, ImportColumnsModel.MostTried, trying.Token);
            if (ReferenceEquals(trying, _trying)) Model.ShowTried(tried.Succeeded ? tried.Value : null, tried.Problem);
        }
        catch (OperationCanceledException) when (trying.IsCancellationRequested)
        {
            // The columns changed meanwhile, or the page was left: the newer counting shows its own result.
        }
    }

    private async Task StartAsync()
    {
        _starting = true;
        try
        {
            if (_trying is not null) await _trying.CancelAsync();
            _problem = await BeginAsync();
            if (_problem is null) await OnStarted.InvokeAsync();
        }
        finally
        {
            _starting = false;
        }
    }

    private async Task<Problem?> BeginAsync()
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out var problem)) return problem;
        if (!(await Importer.PrepareAsync(scope, Record.Id, Model.Mapping!, Model.Choices, Leaving)).TryGet(out var ready, out problem)) return problem;
        if (!(await Jobs.EnqueueAsync(scope, "import", new ImportJobInput(Record.Id), Leaving)).TryGet(out var job, out problem)) return problem;
        await Importer.BelongsToJobAsync(ready, job, Leaving);
        return null;
    }

    private async Task DiscardAsync()
    {
        if ((await ScopeAsync()).TryGet(out var scope, out _problem)) await Importer.DiscardAsync(scope, Record.Id, Leaving);
        Navigation.NavigateTo(Link("data/import"));
    }
}
