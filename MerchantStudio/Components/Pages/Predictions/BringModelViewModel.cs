using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Learning.Onnx.Brought;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>One column of a brought model and the feature that it is given.</summary>
/// <param name="place">From 1, over all inputs.</param>
public sealed class BroughtColumn(int place, string input)
{
    public int Place => place;

    public string Input => input;

    /// <summary>A feature's key; null until one is chosen.</summary>
    public string? Feature { get; set; }
}

/// <summary>A merchant's model on its way from a file to a version that can be promoted.</summary>
public sealed class BringModelViewModel(BroughtModels models)
{
    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    /// <summary>Why the last step did not work.</summary>
    public Problem? Refused { get; private set; }

    public bool Busy { get; private set; }

    public BroughtFile? File { get; private set; }

    public ImmutableArray<BroughtColumn> Columns { get; private set; } = [];

    public int HorizonDays { get; set; }

    /// <summary>The result that is the chance.</summary>
    public string Output { get; set; } = "";

    /// <summary>What missing features are given as; null for NaN.</summary>
    public float? Missing { get; set; }

    public BroughtTrial? Trial { get; private set; }

    /// <summary>The version that was kept.</summary>
    public Guid? Registered { get; private set; }

    /// <summary>The key of the page's answer: before a trial, and how the log-loss on the test window compares in the digits that are shown.</summary>
    public string Answer => Trial is not { } trial ? "Brought.answer" : Shown(trial.Figures.Test.LogLoss).CompareTo(Shown(trial.Champion.LogLoss)) switch
    {
        < 0 => "Brought.answer-better",
        0 => "Brought.answer-equal",
        _ => "Brought.answer-worse",
    };

    /// <param name="refusal">Why nothing may be brought here; null where it may.</param>
    public void Show(Problem? refusal) => (Problem, State) = (refusal, refusal is null ? PageState.Ready : PageState.Problem);

    public Task OpenAsync(WorkspaceScope scope, string name, long bytes, Stream content, CancellationToken cancellationToken) => ActAsync(async () =>
    {
        (File, Columns) = (null, []);
        if (bytes > BroughtModels.MostBytes) return BroughtModels.TooLarge;
        if (!(await models.OpenAsync(scope, name, content, cancellationToken)).TryGet(out var file, out var problem)) return problem;
        File = file;
        HorizonDays = file.Horizons.Contains(7) ? 7 : file.Horizons[0];
        (Output, Missing) = (file.Suggested.Output, file.Suggested.Missing);
        Columns = [.. file.Graph.Inputs.SelectMany(input => Enumerable.Repeat(input.Name, input.Columns)).Select((input, at) => new BroughtColumn(at + 1, input) { Feature = file.Suggested.Features[at] })];
        return null;
    });

    public Task TryAsync(WorkspaceScope scope, CancellationToken cancellationToken) => ActAsync(async () =>
    {
        var mapping = new BroughtMapping([.. Columns.Select(column => column.Feature)], Output, Missing);
        var tried = await models.TryAsync(scope, File!, mapping, HorizonDays, cancellationToken);
        if (tried.Succeeded) Trial = tried.Value;
        return tried.Problem;
    });

    public async Task RegisterAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Trial is null) return;
        var kept = await models.RegisterAsync(scope, Trial, cancellationToken);
        (Registered, Refused) = (kept.Succeeded ? kept.Value : null, kept.Problem);
    }

    /// <summary>A new step forgets what the last one came to.</summary>
    private async Task ActAsync(Func<Task<Problem?>> act)
    {
        (Busy, Refused, Trial, Registered) = (true, null, null, null);
        try
        {
            Refused = await act();
        }
        finally
        {
            Busy = false;
        }
    }

    private static double Shown(double logLoss) => Math.Round(logLoss, 4);
}
