using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;

namespace MerchantStudio.Core.Learning.Evaluation.Sequences;

/// <summary>Which kind a session's last event is, by those before it. Every step of a training session is learnt from.</summary>
internal static class NextKindEvaluation
{
    private const double Penalty = 1e-4;
    private const int MostSteps = 200;
    private const int Seed = 1;

    public static ImmutableArray<NextKindReport> Run(TimeSides<int[]> sides, int kinds, int epochs, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ImmutableArray<int[]> known = [.. sides.Training, .. sides.Validation];   // nothing is chosen, so both sides are learnt from
        var shares = new double[kinds];
        foreach (var step in known.SelectMany(session => session.Skip(1))) shares[step - 1]++;
        var all = shares.Sum();
        double[] rates = [.. shares.Select(share => Math.Log((share + 1) / (all + kinds)))];
        var reports = ImmutableArray.CreateBuilder<NextKindReport>();
        reports.Add(Judge("majority", sides.Test, _ => rates));
        reports.Add(Judge("logistic on counts", sides.Test, Logistic(known, kinds, cancellationToken)));
        foreach (var reader in Enum.GetValues<SequenceReader>())
        {
            var training = new NetworkTraining(epochs, BatchSize: 128, Optimizer: new OptimizerOptions(Rate: 2e-3, LargestNorm: 5));
            var trainer = new SequenceTrainer(new SequenceOptions(reader, Columns: 32, Blocks: 1, Dropout: 0.2f, Training: training));
            progress?.Report($"{trainer.Family}, the next kind of event");
            var model = trainer.Train(new ShopperSequences(known), new ShopperSequences([]), kinds, Seed, null, null, cancellationToken).Model;
            reports.Add(Judge(model.Family, sides.Test, history => [.. Softmax.ToLogProbabilities([.. model.Score(history).Select(score => (double)score)])]));
        }

        return reports.ToImmutable();
    }

    /// <param name="logChances">Of each kind, by the events before.</param>
    private static NextKindReport Judge(string name, ImmutableArray<int[]> sessions, Func<int[], double[]> logChances)
    {
        var (loss, right) = (0.0, new List<(int Kind, bool Told)>(sessions.Length));
        foreach (var session in sessions)
        {
            var chances = logChances(session[..^1]);
            loss -= chances[session[^1] - 1];
            right.Add((session[^1], Array.IndexOf(chances, chances.Max()) == session[^1] - 1));
        }

        var recalls = right.GroupBy(one => one.Kind).Select(group => group.Average(one => one.Told ? 1.0 : 0));
        return new NextKindReport(name, right.Count, right.Average(one => one.Told ? 1.0 : 0), recalls.Average(), loss / right.Count);
    }

    /// <summary>Multinomial logistic regression on log(1 + how often each kind came) and on which came last.</summary>
    private static Func<int[], double[]> Logistic(ImmutableArray<int[]> sessions, int kinds, CancellationToken cancellationToken)
    {
        var rows = Rows([.. sessions.SelectMany(session => Enumerable.Range(1, session.Length - 1).Select(length => session[..length]))], kinds);
        int[] classOf = [.. sessions.SelectMany(session => session.Skip(1)).Select(step => step - 1)];
        var even = new double[rows.Rows];
        Array.Fill(even, 1.0 / even.Length);
        var objective = new SoftmaxObjective(rows, rows.Transpose(), classOf, kinds, even, Penalty);
        var weights = new double[objective.Size];
        LimitedMemoryBfgs.Minimise(objective.Evaluate, weights, MostSteps, 1e-7, cancellationToken);
        return history =>
        {
            var logits = new double[kinds];
            Softmax.Logits(weights, Rows([history], kinds), 0, logits);
            return [.. Softmax.ToLogProbabilities(logits)];
        };
    }

    private static SparseRows Rows(IReadOnlyList<int[]> histories, int kinds)
    {
        var (starts, columns, values) = (new List<int> { 0 }, new List<int>(), new List<float>());
        foreach (var history in histories)
        {
            foreach (var kind in history.CountBy(step => step).OrderBy(kind => kind.Key))
            {
                columns.Add(kind.Key - 1);
                values.Add(MathF.Log(1 + kind.Value));
            }

            columns.Add(kinds + history[^1] - 1);
            values.Add(1);
            starts.Add(columns.Count);
        }

        return new SparseRows(2 * kinds, [.. starts], [.. columns], [.. values]);
    }
}
