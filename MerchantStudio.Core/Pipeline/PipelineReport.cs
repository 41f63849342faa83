using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Quality;
using MerchantStudio.Core.Reviews;

namespace MerchantStudio.Core.Pipeline;

/// <summary>What to run; the input of the job "pipeline".</summary>
/// <param name="AsOf">Only events before it are used; null for all.</param>
/// <param name="HorizonDays">Only this horizon; null for every one that the data offers.</param>
/// <param name="TimeBudgetSeconds">No further model settings are tried after this long.</param>
/// <param name="OverrideReason">Why training may go on although the quality gate fails.</param>
/// <param name="Trigger">"person", "import", "schedule", "command", "demo".</param>
public sealed record PipelineJobInput(DateTimeOffset? AsOf = null, int? HorizonDays = null, int? TimeBudgetSeconds = null, string? OverrideReason = null, string Trigger = "person", int Seed = 1);

/// <summary>A problem kept with a run.</summary>
public sealed record SavedProblem(string Code, string Template, ImmutableArray<string> Arguments)
{
    public static SavedProblem Of(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return new SavedProblem(problem.Code, problem.Template, problem.Arguments.IsDefault ? [] : [.. problem.Arguments.Select(argument => FormattableString.Invariant($"{argument}"))]);
    }

    public Problem ToProblem() => new(Code, Template, [.. Arguments.Cast<object>()]);
}

/// <summary>Something worth knowing that happened in a run; the texts lie under "Runs.note-" and the key.</summary>
/// <param name="Problem">What the note tells of where that is a problem; its sentence stands in the reader's language for the last argument.</param>
public sealed record PipelineNote(DateTimeOffset At, string Key, ImmutableArray<string> Arguments, SavedProblem? Problem = null);

/// <summary>One stage as it ended.</summary>
public sealed record StageRecord(string Key, StageState State, long Rows, double Seconds);

/// <summary>A horizon's report, or what is missing for it.</summary>
public sealed record IntentSection(int HorizonDays, IntentReport? Report, SavedProblem? Problem);

/// <summary>A part of the report, or the problem that stands in its place.</summary>
public sealed record ReportSection<T>(T? Report, SavedProblem? Problem)
    where T : class;

/// <summary>Everything a run found; what pages draw.</summary>
public sealed record PipelineReport(
    int Number, DateTimeOffset StartedAt, DateTimeOffset? AsOf, int Seed, string DataHash,
    CleaningReport? Cleaning, QualityReport? Quality, SessionReport? Sessions,
    ImmutableArray<IntentSection> Intent, ReportSection<SegmentReport>? Segments, ReportSection<SentimentReport>? Sentiment,
    ImmutableArray<PipelineNote> Notes)
{
    public IntentReport? IntentOf(int horizonDays) => Intent.FirstOrDefault(section => section.HorizonDays == horizonDays)?.Report;
}

/// <summary>The one way in which reports become text and come back.</summary>
public static class PipelineJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("Empty.");
}
