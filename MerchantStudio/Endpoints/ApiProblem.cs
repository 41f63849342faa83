using System.Text.Json;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MerchantStudio.Endpoints;

/// <summary>A problem as programs read it: RFC 9457, with our stable code.</summary>
internal static class ApiProblem
{
    /// <summary>Names in snake_case, as everywhere in the API.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static ProblemHttpResult Of(Problem problem, int status, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = problem.Code };
        foreach (var (name, value) in more) extensions[name] = value;
        return TypedResults.Problem(problem.Message, statusCode: status, type: $"urn:merchantstudio:problem:{problem.Code}", extensions: extensions);
    }
}
