using MerchantStudio.Core.Learning.Linear;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class SoftmaxObjectiveTests
{
    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        var rows = new SparseRows(3, [0, 2, 3, 5, 6], [0, 2, 1, 0, 1, 2], [0.5f, -1f, 2f, 1f, 0.25f, 1.5f]);
        var objective = new SoftmaxObjective(rows, rows.Transpose(), [0, 1, 2, 1], 3, [0.4, 0.1, 0.3, 0.2], 0.05);
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
    public void The_lowest_point_of_a_bent_valley_is_found()
    {
        double[] point = [-1.2, 1];
        LimitedMemoryBfgs.Minimise(
            (at, gradient) =>
            {
                var (a, b) = (1 - at[0], at[1] - (at[0] * at[0]));
                gradient[0] = (-2 * a) - (400 * at[0] * b);
                gradient[1] = 200 * b;
                return (a * a) + (100 * b * b);
            },
            point, 200, 1e-12, TestContext.Current.CancellationToken);
        Assert.Equal(1, point[0], 4);
        Assert.Equal(1, point[1], 4);
    }
}
