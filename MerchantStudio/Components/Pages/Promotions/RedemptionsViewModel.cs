using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Redemptions;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>Redemptions that fit a question, and taking one back.</summary>
public sealed class RedemptionsViewModel(RedemptionSearch search, Redeemer redeemer)
{
    private RedemptionQuestion _question = new();

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }

    /// <summary>Why one was not taken back.</summary>
    public Problem? Refusal { get; private set; }
    public RedemptionList? List { get; private set; }

    public async Task ShowAsync(WorkspaceScope scope, RedemptionQuestion question, CancellationToken cancellationToken)
    {
        _question = question;
        if (!(await search.FindAsync(scope, question, cancellationToken)).TryGet(out var list, out var problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        List = list;
        State = list.Holding + list.TakenBack == 0 ? PageState.Empty : PageState.Ready;
    }

    public async Task<bool> TakeBackAsync(WorkspaceScope scope, Guid redemption, CancellationToken cancellationToken)
    {
        Refusal = (await redeemer.RollBackAsync(scope, redemption, cancellationToken)).Problem;
        await ShowAsync(scope, _question, cancellationToken);
        return Refusal is null;
    }
}
