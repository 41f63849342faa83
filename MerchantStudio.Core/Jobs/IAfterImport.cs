using MerchantStudio.Core.Access;

namespace MerchantStudio.Core.Jobs;

/// <summary>What another slice does whenever an import has come through; before a run that follows it.</summary>
public interface IAfterImport
{
    Task RunAsync(WorkspaceScope scope, CancellationToken cancellationToken);
}
