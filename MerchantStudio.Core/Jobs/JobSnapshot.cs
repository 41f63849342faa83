using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Jobs;

/// <summary>A job as it stands at one moment.</summary>
/// <param name="Progress">The last report; null before the first.</param>
/// <param name="Problem">Why it failed, or that it was interrupted.</param>
/// <param name="InputJson">What was asked for; the handler of its kind knows the form.</param>
/// <param name="ResultJson">Only when it succeeded.</param>
public sealed record JobSnapshot(
    Guid Id,
    WorkspaceId WorkspaceId,
    string Kind,
    JobState State,
    JobProgress? Progress,
    Problem? Problem,
    string? ResultJson,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string RequestedBy,
    string InputJson)
{
    /// <summary>Nothing about it will change any more.</summary>
    public bool IsFinished => FinishedAt is not null;

    internal static JobSnapshot Of(JobRecord job, JobProgress? progress) => new(
        job.Id,
        job.WorkspaceId,
        job.Kind,
        job.State,
        progress ?? (job.ProgressJson is null ? null : JsonSerializer.Deserialize<JobProgress>(job.ProgressJson, JobJson.Options)),
        job.ProblemCode is null ? null : ProblemOf(job),
        job.ResultJson,
        job.CreatedAt,
        job.StartedAt,
        job.FinishedAt,
        job.RequestedBy,
        job.InputJson);

    /// <summary>The stored sentence is finished English, so its braces are no placeholders.</summary>
    private static Problem ProblemOf(JobRecord job)
    {
        var sentence = (job.ProblemMessage ?? "").Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        var arguments = job.ProblemArgumentsJson is null ? [] : JsonSerializer.Deserialize<string[]>(job.ProblemArgumentsJson) ?? [];
        return new Problem(job.ProblemCode!, arguments.Length == 0 ? job.ProblemMessage ?? "" : sentence, [.. arguments.Cast<object>()]);
    }
}

/// <summary>The one way in which jobs' inputs, progress and checkpoints become text.</summary>
public static class JobJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);
}
