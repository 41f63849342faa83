using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Experiments.Attribution;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Components.Pages.Experiments;

/// <summary>What rules of thumb and control groups credit each campaign with.</summary>
public sealed class AttributionViewModel(AttributionReader reader)
{
    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }
    public AttributionReading? Reading { get; private set; }

    public async Task ShowAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var read = await reader.ReadAsync(scope, AttributionReader.UsualDays, cancellationToken);
        if (!read.Succeeded)
        {
            (State, Problem) = (PageState.Problem, read.Problem);
            return;
        }

        Reading = read.Value;
        State = Reading is null || Reading.Sources.IsEmpty ? PageState.Empty : PageState.Ready;
    }
}
