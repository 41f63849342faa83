using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Commands;

/// <summary>What a command sees: the services, what was typed, where to print.</summary>
internal sealed class CommandContext(IServiceProvider services, CommandArguments arguments, TextWriter output, TextWriter error, string workingDirectory)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public IServiceProvider Services { get; } = services;

    public CommandArguments Arguments { get; } = arguments;

    /// <summary>The result, as JSON.</summary>
    public TextWriter Out { get; } = output;

    /// <summary>Progress and problems, for people.</summary>
    public TextWriter Error { get; } = error;

    /// <exception cref="CommandUsageException">The option was not given.</exception>
    public string Required(string option) => Arguments[option] ?? throw new CommandUsageException($"The option --{option} is missing.");

    /// <param name="position">From 0.</param>
    /// <exception cref="CommandUsageException">Fewer words were given.</exception>
    public string Word(int position, string what) =>
        position < Arguments.Words.Length ? Arguments.Words[position] : throw new CommandUsageException($"{what} is missing.");

    /// <summary>A path as the person meant it: relative to where the command was typed, not to where the server runs.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, workingDirectory);

    /// <summary>The scope of <c>--workspace</c>; whoever may write the data folder acts as owner. Does not check that the workspace exists.</summary>
    public WorkspaceScope Scope()
    {
        var name = Required("workspace");
        return WorkspaceId.IsValid(name)
            ? new WorkspaceScope(new WorkspaceId(name), Actor.CommandLine)
            : throw new CommandUsageException($"'{name}' is not a workspace's short name: 1 to 40 of a-z, 0-9 and hyphen.");
    }

    /// <summary>The scope of <c>--workspace</c>, which must be there.</summary>
    public async Task<Outcome<WorkspaceScope>> KnownScopeAsync(CancellationToken cancellationToken)
    {
        var scope = Scope();
        return await Services.GetRequiredService<WorkspaceDirectory>().FindAsync(scope.Workspace, cancellationToken) is null ? new WorkspaceUnknown(scope.Workspace.Value) : scope;
    }

    /// <summary>Prints the result and returns 0.</summary>
    public async Task<int> SucceedAsync(object result)
    {
        await Out.WriteLineAsync(JsonSerializer.Serialize(result, Json));
        return 0;
    }

    /// <summary>Prints the problem and returns 1.</summary>
    /// <param name="file">Which file it is about.</param>
    public async Task<int> FailAsync(Problem problem, string? file = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        await Error.WriteLineAsync($"{(file is null ? "" : $"{file}: ")}{problem.Message} ({problem.Code})");
        return 1;
    }
}
