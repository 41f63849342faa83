using MerchantStudio.Core.Access;

namespace MerchantStudio.Commands;

internal sealed class WorkspaceCreateCommand : IStudioCommand
{
    public string Name => "workspace create";

    public string Usage => "NAME --currency C --time-zone Z";

    public string Summary => "Makes a workspace for one shop and prints its short name.";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var directory = context.Services.GetRequiredService<WorkspaceDirectory>();
        var draft = new WorkspaceDraft(context.Word(0, "The shop's name"), context.Required("currency"), context.Required("time-zone"));
        var made = await directory.CreateAsync(draft, Actor.CommandLine, cancellationToken);
        return made.TryGet(out var workspace, out var problem)
            ? await context.SucceedAsync(new { Workspace = workspace.Id.Value, workspace.Name, workspace.Currency, workspace.TimeZone })
            : await context.FailAsync(problem);
    }
}

internal sealed class WorkspaceListCommand : IStudioCommand
{
    public string Name => "workspace list";

    public string Usage => "";

    public string Summary => "Prints every workspace.";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var workspaces = await context.Services.GetRequiredService<WorkspaceDirectory>().ListAsync(Actor.CommandLine, cancellationToken);
        return await context.SucceedAsync(workspaces.Select(workspace => new { Workspace = workspace.Id.Value, workspace.Name, workspace.Currency, workspace.TimeZone, Demo = workspace.IsDemo }));
    }
}
