using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Learning.Trees.Objectives;
using Xunit;

namespace MerchantStudio.Tests.Learning.Trees;

/// <summary>Each objective's derivatives against central differences of its own loss.</summary>
public sealed class ObjectiveTests
{
    private const double Step = 1e-4;
    private const int Rows = 21;

    public static TheoryData<TreesObjective> Pointwise => [TreesObjective.Binary, TreesObjective.Squared, TreesObjective.Poisson, TreesObjective.Softmax];

    [Theory]
    [MemberData(nameof(Pointwise))]
    public void Gradients_are_the_slope_of_the_loss(TreesObjective kind)
    {
        var (table, objective, scores) = World(kind);
        var (gradients, _) = Derive(objective, table, scores);
        for (var at = 0; at < scores.Length; at++) Assert.Equal(Slope(s => Loss(objective, table, s), scores, at), gradients[at], 4);
    }

    [Theory]
    [InlineData(TreesObjective.Binary, 1.0)]
    [InlineData(TreesObjective.Squared, 1.0)]
    [InlineData(TreesObjective.Poisson, 2.0137527)]
    [InlineData(TreesObjective.Softmax, 1.5)]
    public void Hessians_are_the_slope_of_the_gradient_times_the_objectives_own_factor(TreesObjective kind, double factor)
    {
        var (table, objective, scores) = World(kind);
        var (_, hessians) = Derive(objective, table, scores);
        for (var at = 0; at < scores.Length; at++)
        {
            var slope = Slope(s => Slope(again => Loss(objective, table, again), s, at), scores, at);
            Assert.Equal(factor * slope, hessians[at], 3);
        }
    }

    [Fact]
    public void Lambdas_are_the_slope_of_the_pairs_loss_with_the_change_of_ndcg_held_still()
    {
        var (table, objective, scores) = World(TreesObjective.Ranking);
        var (gradients, hessians) = Derive(objective, table, scores);
        var pairs = new List<(int Above, int Below, double Weight)>();
        foreach (var (from, to) in objective.Pieces(table))
        {
            LambdaRank.ForEachPair(table.Y.AsSpan(from, to - from), scores.AsSpan(from, to - from), (above, below, weight) => pairs.Add((from + above, from + below, weight)));
        }

        double PairsLoss(double[] s) => pairs.Sum(pair => pair.Weight * Math.Log(1 + Math.Exp(s[pair.Below] - s[pair.Above])));
        Assert.NotEmpty(pairs);
        for (var at = 0; at < scores.Length; at++)
        {
            Assert.Equal(Slope(PairsLoss, scores, at), gradients[at], 5);
            Assert.Equal(Slope(s => Slope(PairsLoss, s, at), scores, at), hessians[at], 4);
        }
    }

    [Fact]
    public void The_weight_of_a_pair_is_how_much_ndcg_changes_when_the_two_change_places()
    {
        float[] grades = [0, 2, 1, 0, 3];
        double[] scores = [0.9, 0.3, 0.5, 0.1, 0.2];
        LambdaRank.ForEachPair(grades, scores, (above, below, weight) =>
        {
            var swapped = (double[])scores.Clone();
            (swapped[above], swapped[below]) = (scores[below], scores[above]);
            Assert.Equal(Math.Abs(Ndcg(grades, swapped) - Ndcg(grades, scores)), weight, 9);
        });
    }

    [Fact]
    public void Ranking_loss_is_one_less_ndcg_and_leaves_out_queries_without_a_choice()
    {
        float[] y = [0, 1, 2, 1, 1];
        var table = new TreesTable(LearningWorld.Numbers([0, 0, 0, 0, 0]), y, null, [3, 2]);
        double[] scores = [3, 2, 1, 0, 0];
        var objective = new LambdaRank();
        Assert.Equal(1 - Ndcg(y.AsSpan(0, 3), scores.AsSpan(0, 3)), Loss(objective, table, scores), 9);
    }

    private static double Ndcg(ReadOnlySpan<float> grades, ReadOnlySpan<double> scores)
    {
        var (g, s) = (grades.ToArray(), scores.ToArray());
        static double Dcg(IEnumerable<float> inOrder) => inOrder.Select((grade, place) => (Math.Pow(2, grade) - 1) / Math.Log2(place + 2)).Sum();
        return Dcg(g.Zip(s).OrderByDescending(row => row.Second).Select(row => row.First)) / Dcg(g.OrderDescending());
    }

    private static (TreesTable Table, Objective Objective, double[] Scores) World(TreesObjective kind)
    {
        var random = new SeededRandom(7);
        var y = Enumerable.Range(0, Rows).Select(row => kind switch
        {
            TreesObjective.Binary => row % 2,
            TreesObjective.Squared => (float)(random.NextDouble() * 8),
            TreesObjective.Poisson => random.NextInt(6),
            _ => (float)(row % 3),
        }).ToArray();
        var table = new TreesTable(LearningWorld.Numbers(y), y, null, kind == TreesObjective.Ranking ? [9, 12] : null);
        var objective = Objective.Of(kind, table);
        return (table, objective, [.. Enumerable.Range(0, Rows * objective.Outputs).Select(_ => (random.NextDouble() * 4) - 2)]);
    }

    private static (float[] Gradients, float[] Hessians) Derive(Objective objective, TreesTable table, double[] scores)
    {
        var (gradients, hessians) = (new float[scores.Length], new float[scores.Length]);
        foreach (var (from, to) in objective.Pieces(table)) objective.Derive(table, from, to, scores, gradients, hessians);
        return (gradients, hessians);
    }

    private static double Loss(Objective objective, TreesTable table, double[] scores) => objective.Pieces(table).Sum(piece => objective.Loss(table, piece.From, piece.To, scores).Sum);

    private static double Slope(Func<double[], double> of, double[] scores, int at)
    {
        var (up, down) = ((double[])scores.Clone(), (double[])scores.Clone());
        up[at] += Step;
        down[at] -= Step;
        return (of(up) - of(down)) / (2 * Step);
    }
}
