using System.Collections.Immutable;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Learning;

namespace MerchantStudio.Components.Pages.Data;

/// <summary>The cleaning steps as they are being set, beside what was counted and what is saved.</summary>
internal sealed class CleaningViewModel
{
    private CleaningSettings _saved = CleaningSettings.Default;
    private Preparation _savedPreparation = Preparation.Default;
    private CleaningSettings? _counted;

    public CleaningSettings Settings { get; private set; } = CleaningSettings.Default;

    public Preparation Preparation { get; set; } = Preparation.Default;

    public CleaningReport? Report { get; private set; }

    public ImmutableArray<CleaningStep> Steps => Settings.Steps;

    /// <summary>One a line.</summary>
    public string Internal { get; private set; } = "";

    /// <inheritdoc cref="Internal"/>
    public string Tests { get; private set; } = "";

    /// <summary>Whether something was set that the counted rows do not show.</summary>
    public bool IsStale => _counted is not null && !Same(_counted, Settings);

    public bool IsChanged => !Same(_saved, Settings) || _savedPreparation != Preparation;

    public void Fill(CleaningSettings settings, Preparation preparation)
    {
        _saved = Settings = settings;
        _savedPreparation = Preparation = preparation;
        Internal = string.Join('\n', settings.Internal);
        Tests = string.Join('\n', settings.Tests);
    }

    public bool IsOn(CleaningStep step) => Settings.IsOn(step);

    public double LimitOf(CleaningStep step) => Settings.LimitOf(step);

    public void Switch(CleaningStep step, bool on) => Settings = Settings with { Switched = Settings.Switched.SetItem(step.Key, on) };

    /// <param name="figure">Null for the step's own.</param>
    public void Limit(CleaningStep step, decimal? figure) => Settings = Settings with { Limits = Settings.Limits.SetItem(step.Key, (double?)figure ?? step.Limit!.Default) };

    /// <param name="by">-1 for one place earlier, 1 for one later.</param>
    public void Move(CleaningStep step, int by)
    {
        var order = Steps.Select(known => known.Key).ToList();
        var from = order.IndexOf(step.Key);
        var to = from + by;
        if (to < 0 || to >= order.Count) return;
        order.RemoveAt(from);
        order.Insert(to, step.Key);
        Settings = Settings with { Order = [.. order] };
    }

    public void SetInternal(string? text)
    {
        Internal = text ?? "";
        Settings = Settings with { Internal = Lines(Internal) };
    }

    public void SetTests(string? text)
    {
        Tests = text ?? "";
        Settings = Settings with { Tests = Lines(Tests) };
    }

    public void Counted(CleaningReport report, CleaningSettings settings)
    {
        Report = report;
        _counted = settings;
    }

    public void Saved(CleaningSettings settings)
    {
        _saved = settings;
        _savedPreparation = Preparation;
        if (!Same(settings, Settings)) Fill(settings, Preparation);
    }

    private static ImmutableArray<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static bool Same(CleaningSettings one, CleaningSettings other) =>
        one.Steps.SequenceEqual(other.Steps) && CleaningStep.All.All(step => one.IsOn(step) == other.IsOn(step) && one.LimitOf(step) == other.LimitOf(step))
        && one.Internal.SequenceEqual(other.Internal) && one.Tests.SequenceEqual(other.Tests);
}
