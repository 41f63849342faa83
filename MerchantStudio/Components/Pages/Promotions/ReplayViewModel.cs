using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Guards;
using MerchantStudio.Core.Promotions.Replay;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>A rule's replay, what the guards say about it, and what then happened.</summary>
public sealed class ReplayViewModel(RuleReplays replays, PublishingCheck guards, ComplianceReport compliance, JobQueue jobs, Downloads downloads)
{
    private Guid _rule;

    public Problem? Problem { get; private set; }
    public SavedReplay? Replay { get; private set; }
    public PublishingReport? Report { get; private set; }
    public ReplayComparison? Comparison { get; private set; }

    /// <summary>While it is under way.</summary>
    public JobSnapshot? Job { get; private set; }

    public async Task OpenAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (_rule != ruleId) (Replay, Report, Comparison, Job, Problem) = (null, null, null, null, null);
        _rule = ruleId;
        var read = await replays.LatestAsync(scope, ruleId, cancellationToken);
        if (!read.TryGet(out var replay, out var problem) && problem is not null)
        {
            Problem = problem;
            return;
        }

        Replay = replay;
        Job = replays.Running(scope, ruleId) is { } running ? await jobs.FindAsync(scope, running, cancellationToken) : null;
        await CheckAsync(scope, cancellationToken);
    }

    public async Task StartAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        Problem = null;
        var started = await replays.StartAsync(scope, _rule, RuleReplays.UsualDays, cancellationToken);
        if (!started.TryGet(out var job, out var problem)) Problem = problem;
        else Job = await jobs.FindAsync(scope, job, cancellationToken);
    }

    /// <summary>Follows the replay to its end; tells after each change.</summary>
    public async Task FollowAsync(WorkspaceScope scope, Func<Task> changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        if (Job is not { } job) return;
        await foreach (var snapshot in jobs.WatchAsync(scope, job.Id, cancellationToken))
        {
            Job = snapshot;
            await changed();
        }

        var ended = Job;
        await OpenAsync(scope, _rule, cancellationToken);
        Problem = ended.Problem;
        await changed();
    }

    public async Task CancelAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Job is { } job) Problem = (await jobs.CancelAsync(scope, job.Id, cancellationToken)).Problem;
    }

    public async Task CompareAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        Problem = null;
        if (!(await replays.CompareAsync(scope, _rule, cancellationToken)).TryGet(out var comparison, out var problem)) Problem = problem;
        else Comparison = comparison;
    }

    /// <returns>Null when the reason was taken.</returns>
    public async Task<Problem?> JustifyAsync(WorkspaceScope scope, string finding, string reason, CancellationToken cancellationToken)
    {
        if ((await guards.JustifyAsync(scope, _rule, finding, reason, cancellationToken)).Problem is { } problem) return problem;
        await CheckAsync(scope, cancellationToken);
        return null;
    }

    public async Task SaveReportAsync(WorkspaceScope scope, bool printable, string currency, CancellationToken cancellationToken)
    {
        var style = new SentenceStyle(CultureInfo.CurrentUICulture, currency, key => key);
        var file = new MemoryStream();
        if (printable)
        {
            if (!(await compliance.HtmlAsync(scope, _rule, style, cancellationToken)).TryGet(out var html, out var problem))
            {
                Problem = problem;
                return;
            }

            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(html), cancellationToken);
        }
        else if ((await compliance.CsvAsync(scope, _rule, style, file, cancellationToken)).Problem is { } problem)
        {
            Problem = problem;
            return;
        }

        file.Position = 0;
        await downloads.SaveAsync(printable ? "fairness-report.html" : "fairness-report.csv", file, cancellationToken);
    }

    private async Task CheckAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if ((await guards.CheckAsync(scope, _rule, cancellationToken)).TryGet(out var report, out var problem)) Report = report;
        else Problem = problem;
    }
}
