using MerchantStudio.Components.Conditions;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Tests.Conditions;
using Xunit;

namespace MerchantStudio.Tests.Components.Conditions;

public sealed class ConditionDraftTests
{
    [Fact]
    public void What_is_edited_means_the_same_as_what_was_opened()
    {
        var random = new RandomConditions(11, [Guid.Empty]);
        var context = new ConditionContext(RandomConditions.AsOf, TimeZoneInfo.Utc, System.Collections.Immutable.ImmutableDictionary<Guid, SavedCondition>.Empty.Add(Guid.Empty, new SavedCondition(Guid.Empty, "one", Condition.Everybody)));
        ShopperFacts[] shoppers = [.. Enumerable.Range(0, 20).Select(random.Facts)];
        for (var done = 0; done < 500; done++)
        {
            var tree = random.Tree();
            var edited = ConditionDraft.From(tree).ToCondition();
            var (before, after) = (ConditionTest.Compile(tree, context), ConditionTest.Compile(edited, context));
            Assert.All(shoppers, shopper => Assert.Equal(before(shopper), after(shopper)));
        }
    }

    [Fact]
    public void Lines_are_found_top_to_bottom_through_nested_groups()
    {
        var draft = ConditionDraft.From(new AllOf([new InSegment(["cluster:1"]), new Not(new AnyOf([new InSegment(["cluster:2"]), new InSegment(["cluster:3"])]))]));
        Assert.Equal(["cluster:1", "cluster:2", "cluster:3"], draft.Lines.Select(line => ((InSegment)line.Leaf).Keys[0]));
        Assert.Equal(draft.Lines.Select(line => line.Leaf), ConditionLines.Of(draft.ToCondition()));
    }
}
