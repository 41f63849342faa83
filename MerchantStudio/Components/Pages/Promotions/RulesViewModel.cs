using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;

namespace MerchantStudio.Components.Pages.Promotions;

public sealed class RulesViewModel(CouponRules rules)
{
    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }
    public ImmutableArray<RuleView> Rules { get; private set; } = [];

    public int Live => Rules.Count(rule => rule.State == CouponRuleState.Live);

    public int Waiting => Rules.Count(rule => rule.State == CouponRuleState.AwaitingApproval);

    public int Given => Rules.Sum(rule => rule.Given);

    public int Used => Rules.Sum(rule => rule.Used);

    public async Task ShowAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (!(await rules.ListAsync(scope, cancellationToken)).TryGet(out var found, out var problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        Rules = found;
        State = found.Length == 0 ? PageState.Empty : PageState.Ready;
    }
}
