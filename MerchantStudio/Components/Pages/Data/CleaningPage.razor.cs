using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Data;

public sealed partial class CleaningPage : StudioPage
{
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private Problem? _refused;
    private bool _counting;
    private bool _saving;
    private bool _downloading;
    private RefreshNote? _refresh;

    [Inject] public required CleaningSteps Steps { get; init; }
    [Inject] public required PreparationSettings Preparations { get; init; }
    [Inject] public required Downloads Downloads { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    private CleaningViewModel Model { get; } = new();

    private CleaningReport Report => Model.Report!;

    private string? WhyNotSave => !Shop.May(Right.ManageModels) ? T["Import.no-right"] : Model.IsChanged ? null : T["Cleaning.unchanged"];

    private IReadOnlyList<Choice<MissingFill>> Fills => [.. Enum.GetValues<MissingFill>().Select(fill => new Choice<MissingFill>(fill, T[$"Cleaning.missing-{fill}"]))];

    private IReadOnlyList<Choice<Scaling>> Scales => [.. Enum.GetValues<Scaling>().Select(scaling => new Choice<Scaling>(scaling, T[$"Cleaning.scaling-{scaling}"]))];

    protected override Task OnInitializedAsync() => LoadAsync();

    private string Name(CleaningStep step) => T[$"Features.step.{step.Key}.name"];

    private async Task LoadAsync()
    {
        _state = PageState.Loading;
        var scope = await ScopeAsync();
        var read = scope.TryGet(out var allowed, out _problem) ? await Steps.ReadAsync(allowed, Leaving) : _problem;
        if (read.TryGet(out var settings, out _problem))
        {
            Model.Fill(settings, PreparationSettings.Of(Shop.Workspace.SettingsJson));
            await CountAsync();
        }

        _state = _problem is not null ? PageState.Problem : Report.Rows == 0 ? PageState.Empty : PageState.Ready;
    }

    private async Task CountAsync()
    {
        _counting = true;
        var wanted = Model.Settings;
        var scope = await ScopeAsync();
        var counted = scope.TryGet(out var allowed, out _problem) ? await Steps.PreviewAsync(allowed, wanted, Leaving) : _problem;
        if (counted.TryGet(out var report, out _problem)) Model.Counted(report, wanted);
        _counting = false;
    }

    private async Task SaveAsync()
    {
        _saving = true;
        var scope = await ScopeAsync();
        var saved = scope.TryGet(out var allowed, out _refused) ? await Steps.SaveAsync(allowed, Model.Settings, Leaving) : _refused;
        if (saved.TryGet(out var settings, out _refused)) _refused = (await Preparations.SaveAsync(allowed!, Model.Preparation, Leaving)).Problem;
        if (_refused is null)
        {
            Model.Saved(settings!);
            Toasts.Say(T["Cleaning.saved"]);
            if (_refresh is not null) await _refresh.LookAsync();
        }

        _saving = false;
    }

    private async Task DownloadAsync()
    {
        _downloading = true;
        try
        {
            if (!(await ScopeAsync()).TryGet(out var scope, out _refused)) return;
            var file = new MemoryStream();
            var written = await Steps.WriteTouchedAsync(scope, Model.Settings, null, key => T[$"Features.{key}"], file, Leaving);
            if (!written.TryGet(out _, out _refused)) return;
            file.Position = 0;
            await Downloads.SaveAsync("cleaning.csv", file, Leaving);
        }
        finally
        {
            _downloading = false;
        }
    }
}
