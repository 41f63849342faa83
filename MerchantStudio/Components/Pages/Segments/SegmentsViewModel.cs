using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Conditions;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Segments;

/// <summary>The groups of the published run, the segments made from them, and the one being built.</summary>
public sealed class SegmentsViewModel(Segmentation segmentation, AudienceReader audiences, PipelineReports reports, Texts texts)
{
    private int _question;

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }
    public Problem? Refusal { get; private set; }
    public SegmentReport? Report { get; private set; }
    public ConditionOptions Options { get; private set; } = default!;
    public ImmutableArray<SegmentRow> Rows { get; private set; } = [];
    public GroupDraft Draft { get; private set; } = new();
    public AudienceCount? Count { get; private set; }
    public bool Counting { get; private set; }
    public Problem? CountProblem { get; private set; }

    /// <summary>Key of the segment that the page speaks of.</summary>
    public string Picked { get; private set; } = "";

    /// <summary>The saved segment that is edited; null for a new one.</summary>
    public SegmentRow? Editing { get; private set; }

    public SegmentNames Names => Options.Names;

    public GroupFigures? PickedFigures => FiguresOf(Picked);

    public async Task ShowAsync(WorkspaceScope scope, ShopView shop, string? pick, Guid? edit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shop);
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal)
        {
            (State, Problem) = (PageState.Problem, refusal);
            return;
        }

        Report = (await reports.LatestPublishedAsync(scope, cancellationToken))?.Segments?.Report;
        if (Report is null)
        {
            State = PageState.Empty;
            return;
        }

        var names = await SegmentNamesQuery.ReadAsync(texts, Report, audiences, scope, shop, cancellationToken);
        Options = await ConditionOptions.LoadAsync(texts, audiences, scope, shop.Currency, names, basket: false, cancellationToken);
        Rows = [.. Known(), .. await SavedAsync(scope, cancellationToken)];
        Editing = edit is { } id ? Rows.FirstOrDefault(row => row.SavedId == id) : null;
        State = PageState.Ready;
        await PickAsync(scope, FiguresOf(pick ?? "") is null ? Default() : pick!, cancellationToken);
    }

    /// <summary>Speaks of another group, and begins the condition with it.</summary>
    public Task PickAsync(WorkspaceScope scope, string key, CancellationToken cancellationToken)
    {
        Picked = key;
        Draft = ConditionDraft.From(Editing?.Condition ?? new InSegment([key]));
        return CountAsync(scope, cancellationToken);
    }

    /// <summary>Begins an empty segment.</summary>
    public Task BeginAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        Editing = null;
        Draft = new GroupDraft { Parts = { new LineDraft(Options.Begin("attribute:orders")) } };
        return CountAsync(scope, cancellationToken);
    }

    public Task EditAsync(WorkspaceScope scope, SegmentRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        Editing = row.SavedId is null ? null : row;
        Draft = ConditionDraft.From(row.Condition ?? Condition.Everybody);
        return CountAsync(scope, cancellationToken);
    }

    public async Task CountAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var question = ++_question;
        Counting = true;
        var outcome = await audiences.CountAsync(scope, Draft.ToCondition(), cancellationToken);

        // A later edit asked again meanwhile; its answer counts.
        if (question != _question) return;
        Counting = false;
        Count = outcome.Succeeded ? outcome.Value : null;
        CountProblem = outcome.Problem;
    }

    public async Task<bool> SaveAsync(WorkspaceScope scope, ShopView shop, string name, CancellationToken cancellationToken)
    {
        Refusal = null;
        if (!(await segmentation.SaveAsync(scope, Editing?.SavedId, name, Draft.ToCondition(), cancellationToken)).TryGet(out var id, out var problem))
        {
            Refusal = problem;
            return false;
        }

        await ShowAsync(scope, shop, Picked, id, cancellationToken);
        return true;
    }

    public async Task<bool> DeleteAsync(WorkspaceScope scope, ShopView shop, SegmentRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        Refusal = row.SavedId is { } id ? (await segmentation.DeleteAsync(scope, id, cancellationToken)).Problem : null;
        if (Refusal is not null) return false;
        await ShowAsync(scope, shop, Picked, null, cancellationToken);
        return true;
    }

    public async Task<bool> SaveCutsAsync(WorkspaceScope scope, RfmCuts? cuts, CancellationToken cancellationToken)
    {
        Refusal = (await segmentation.SaveCutsAsync(scope, cuts, cancellationToken)).Problem;
        return Refusal is null;
    }

    public GroupFigures? FiguresOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Report is null) return null;
        var name = key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return key.StartsWith("rfm:", StringComparison.Ordinal) ? Report.Groups.FirstOrDefault(group => group.Key == name)
            : key.StartsWith("rfm8:", StringComparison.Ordinal) ? Report.Groups8.FirstOrDefault(group => group.Key == name)
            : key.StartsWith("cluster:", StringComparison.Ordinal) ? Report.Clusters?.Profiles.FirstOrDefault(profile => profile.Number.ToString(CultureInfo.InvariantCulture) == name)?.Figures
            : null;
    }

    // Those at risk come first, because something can still be done for them.
    private string Default() => "rfm:" + (Report!.Groups.FirstOrDefault(group => group is { Key: "at_risk", Shoppers: > 0 }) ?? Report.Groups.Where(group => group.Key != "prospects").MaxBy(group => group.Shoppers))!.Key;

    private IEnumerable<SegmentRow> Known()
    {
        foreach (var group in Report!.Groups.Where(group => group.Shoppers > 0)) yield return Row("rfm:" + group.Key, SegmentSource.Rfm, group);
        foreach (var profile in Report.Clusters?.Profiles ?? []) yield return Row($"cluster:{profile.Number}", SegmentSource.Cluster, profile.Figures);

        SegmentRow Row(string key, SegmentSource source, GroupFigures figures) =>
            new(key, Names.Of(key), source, figures.Shoppers, figures.Before is { } before ? figures.Shoppers - before : null, figures.Spent12Months, [], new InSegment([key]), null);
    }

    private async Task<IEnumerable<SegmentRow>> SavedAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var saved = await segmentation.ListAsync(scope, cancellationToken);
        return saved.Succeeded
            ? saved.Value.Select(segment => new SegmentRow(segment.Key, segment.Name, SegmentSource.Rules, segment.Count?.Shoppers ?? 0, null, segment.Count?.Spent12Months, segment.UsedIn, segment.Condition, segment.Fault))
            : [];
    }
}
