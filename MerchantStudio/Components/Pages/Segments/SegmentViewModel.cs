using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Conditions;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Segments;

/// <summary>One segment: who is in it and what sets it apart.</summary>
public sealed class SegmentViewModel(Segmentation segmentation, AudienceReader audiences, PipelineReports reports, Texts texts)
{
    public const int Shown = 1000;

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }
    public string Key { get; private set; } = "";
    public string Name { get; private set; } = "";
    public Condition Condition { get; private set; } = Condition.Everybody;
    public ConditionOptions Options { get; private set; } = default!;
    public AudienceCount? Count { get; private set; }
    public ImmutableArray<AudienceMember> Members { get; private set; } = [];
    public ClusterProfile? Profile { get; private set; }

    /// <summary>What a saved segment asks; null for groups and clusters.</summary>
    public Condition? SavedCondition { get; private set; }

    public async Task ShowAsync(WorkspaceScope scope, ShopView shop, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shop);
        var report = (await reports.LatestPublishedAsync(scope, cancellationToken))?.Segments?.Report;
        var names = await SegmentNamesQuery.ReadAsync(texts, report, audiences, scope, shop, cancellationToken);
        Options = await ConditionOptions.LoadAsync(texts, audiences, scope, shop.Currency, names, basket: false, cancellationToken);
        (Key, Name, Condition) = (key, names.Of(key), new InSegment([key]));
        var known = await audiences.ContextAsync(scope, cancellationToken);
        SavedCondition = known.Succeeded ? known.Value.Saved.Values.FirstOrDefault(segment => $"saved:{segment.Id:D}" == key)?.Condition : null;
        Profile = key.StartsWith("cluster:", StringComparison.Ordinal) ? report?.Clusters?.Profiles.FirstOrDefault(profile => profile.Number.ToString(CultureInfo.InvariantCulture) == key["cluster:".Length..]) : null;
        if (!(await audiences.CountAsync(scope, Condition, cancellationToken)).TryGet(out var count, out var problem)
            || !(await audiences.MembersAsync(scope, Condition, Shown, cancellationToken)).TryGet(out var members, out problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        (Count, Members, State) = (count, members, PageState.Ready);
    }

    /// <summary>Everybody as a file; null with a <see cref="Problem"/>.</summary>
    public async Task<Stream?> FileAsync(WorkspaceScope scope, string currency, ExportFormat format, CancellationToken cancellationToken)
    {
        var file = new MemoryStream();
        var written = await segmentation.ExportAsync(scope, Condition, [.. Segmentation.MemberColumns.Select(column => texts["Segments.csv-" + column, currency])], Options.Names.Of, format, file, cancellationToken);
        if (written.Problem is { } problem)
        {
            (State, Problem) = (PageState.Problem, problem);
            return null;
        }

        file.Position = 0;
        return file;
    }
}
