using MerchantStudio.Core.Conditions;
using Xunit;

namespace MerchantStudio.Tests.Conditions;

public sealed class ConditionJsonTests
{
    [Theory]
    [InlineData("", "condition.unreadable")]
    [InlineData("[]", "condition.unreadable")]
    [InlineData("""{"all":[],"extra":1}""", "condition.unreadable")]
    [InlineData("""{"all":[],"all":[]}""", "condition.unreadable")]
    [InlineData("""{"segments":["\ud800"]}""", "condition.unreadable")]
    [InlineData("""{"\ud800":[]}""", "condition.unreadable")]
    [InlineData("""{"attribute":"orders","operator":"over","values":["1"]}""", "condition.unreadable")]
    [InlineData("""{"attribute":"orders","operator":"at_least","values":[1]}""", "condition.unreadable")]
    [InlineData("""{"attribute":"password","operator":"at_least","values":["1"]}""", "condition.unknown-attribute")]
    [InlineData("""{"attribute":"orders","operator":"within_days","values":["1"]}""", "condition.unfit-operator")]
    [InlineData("""{"attribute":"orders","operator":"at_least","values":["1,5"]}""", "condition.unfit-value")]
    [InlineData("""{"attribute":"orders","operator":"at_least","values":[]}""", "condition.unfit-value")]
    [InlineData("""{"attribute":"intent_7","operator":"at_least","values":["60"]}""", "condition.unfit-value")]
    [InlineData("""{"attribute":"last_seen","operator":"since","values":["2026-02-30"]}""", "condition.unfit-value")]
    [InlineData("""{"event":"drop table","operator":"at_least","times":1}""", "condition.unknown-attribute")]
    [InlineData("""{"event":"view","operator":"at_least","times":1,"days":0}""", "condition.unfit-value")]
    [InlineData("""{"segments":["rfm:kings"]}""", "condition.unknown-segment")]
    [InlineData("""{"segments":[]}""", "condition.unfit-value")]
    [InlineData("""{"basket_holds":"colour","names":["red"],"pieces":1}""", "condition.unreadable")]
    [InlineData("""{"basket_holds":"brand","names":["red"],"pieces":1,"amount":2}""", "condition.unreadable")]
    [InlineData("""{"basket_holds":"brand","names":["red"],"pieces":0}""", "condition.unfit-value")]
    [InlineData("""{"basket_holds":"brand","names":["red"],"amount":-1}""", "condition.unfit-value")]
    [InlineData("""{"basket_holds":"brand","names":[],"pieces":1}""", "condition.unfit-value")]
    [InlineData("""{"attribute":"order_hour","operator":"at_least","values":["24"]}""", "condition.unfit-value")]
    [InlineData("""{"attribute":"order_weekday","operator":"is","values":["0"]}""", "condition.unfit-value")]
    [InlineData("""{"attribute":"basket_total","operator":"known","values":[]}""", "condition.unfit-operator")]
    [InlineData("""{"interest":"tea","share":1.5}""", "condition.unfit-value")]
    public void What_is_not_exactly_a_condition_is_refused(string json, string code) => Assert.Equal(code, ConditionJson.Read(json).Problem?.Code);

    [Fact]
    public void Nesting_and_length_are_bounded()
    {
        Condition deep = new InSegment(["cluster:1"]);
        for (var level = 1; level < ConditionCheck.DepthLimit; level++) deep = new Not(deep);
        Assert.True(ConditionJson.Read(ConditionJson.Write(deep)).Succeeded);
        Assert.Equal("condition.too-deep", ConditionJson.Read(ConditionJson.Write(new Not(deep))).Problem?.Code);
        Assert.Equal("condition.too-deep", ConditionJson.Read(string.Concat(Enumerable.Repeat("""{"not":""", 500)) + string.Concat(Enumerable.Repeat("}", 500))).Problem?.Code);
        Assert.Equal("condition.too-long", ConditionJson.Read(ConditionJson.Write(new AllOf([.. Enumerable.Repeat(new InSegment(["cluster:1"]), ConditionCheck.LineLimit)]))).Problem?.Code);
    }
}
