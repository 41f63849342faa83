using MerchantStudio.Core.Learning.Linear;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class LogisticObjectiveTests
{
    private static readonly SparseRows Rows = new(3, [0, 2, 3, 5, 6], [0, 2, 1, 0, 1, 2], [0.5f, -1f, 2f, 1f, 0.25f, 1.5f]);

    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        var objective = new LogisticObjective(Rows, Rows.Transpose(), [true, false, false, true], 0.05);
        double[] weights = [.. Enumerable.Range(0, objective.Size).Select(at => Math.Sin(at + 1))];
        var gradient = new double[objective.Size];
        objective.Evaluate(weights, gradient);
        var unused = new double[objective.Size];
        for (var at = 0; at < weights.Length; at++)
        {
            const double Step = 1e-6;
            var (up, down) = ((double[])weights.Clone(), (double[])weights.Clone());
            up[at] += Step;
            down[at] -= Step;
            Assert.Equal((objective.Evaluate(up, unused) - objective.Evaluate(down, unused)) / (2 * Step), gradient[at], 6);
        }
    }

    [Fact]
    public void Without_weights_each_answer_costs_one_bit()
    {
        var objective = new LogisticObjective(Rows, Rows.Transpose(), [true, false, false, true], 0.05);
        Assert.Equal(Math.Log(2), objective.Evaluate(new double[objective.Size], new double[objective.Size]), 12);
    }
}
