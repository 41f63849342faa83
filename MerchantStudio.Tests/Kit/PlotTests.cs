using System.Text.Json;
using MerchantStudio.Components.Kit;
using Xunit;

namespace MerchantStudio.Tests.Kit;

public sealed class PlotTests
{
    private const string Attack = "<img src=x onerror=alert(1)>";

    [Fact]
    public void No_name_from_data_reaches_plotly_as_markup()
    {
        var plot = new Plot
        {
            Data =
            [
                new PlotTrace
                {
                    X = PlotValues.Of([Attack]),
                    Y = PlotValues.Of([1d]),
                    Name = Attack,
                    Text = [Attack, PlotText.Strong(Attack)],
                    HoverTemplate = PlotText.HoverValue(Attack),
                },
            ],
            Layout = new PlotLayout
            {
                XAxis = new PlotAxis { Title = new PlotAxisTitle(Attack), TickText = [Attack], TickVals = PlotValues.Of([Attack]) },
                Annotations = [new PlotAnnotation { Text = PlotText.Lines(Attack, Attack), X = Attack, Y = 1d }],
            },
        };

        using var document = JsonDocument.Parse(PlotJson.Of(plot));
        Assert.All(Strings(document.RootElement), text => Assert.DoesNotContain("<img", text, StringComparison.Ordinal));
        Assert.Contains(Strings(document.RootElement), text => text.Contains("&lt;img", StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_that_are_none_become_gaps_and_colours_stay_roles()
    {
        var plot = new Plot { Data = [new PlotTrace { Y = PlotValues.Of([1d, double.NaN]), Line = PlotTrace.Dotted(PlotColor.Compare), FillColor = PlotColor.Series(1).Band }] };
        var json = PlotJson.Of(plot);
        Assert.Contains("\"y\":[1,null]", json, StringComparison.Ordinal);
        Assert.Contains("token:chart-compare@1", json, StringComparison.Ordinal);
        Assert.Contains("token:chart-1@0.13", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11_900, new[] { 0d, 2500, 5000, 7500, 10_000, 12_500 })]
    [InlineData(0.93, new[] { 0d, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(7, new[] { 0d, 2, 4, 6, 8 })]
    public void An_axis_from_zero_has_round_steps_above_the_highest(double highest, double[] expected)
    {
        using var axis = JsonDocument.Parse(JsonSerializer.Serialize(PlotAxes.FromZero(highest, value => $"{value}"), Plot.Json));
        var ticks = axis.RootElement.GetProperty("tickvals").EnumerateArray().Select(tick => tick.GetDouble()).ToArray();
        Assert.Equal(expected.Length, ticks.Length);
        Assert.All(expected.Zip(ticks), pair => Assert.Equal(pair.First, pair.Second, 9));
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        _ => [],
    };
}
