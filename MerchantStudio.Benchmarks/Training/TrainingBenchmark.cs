using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;

namespace MerchantStudio.Benchmarks.Training;

/// <summary>What a training step takes beside PyTorch on the same sizes, in alternating rounds so that both meet the same minutes. Other work on the machine must rest meanwhile.</summary>
internal static class TrainingBenchmark
{
    private const int Rounds = 5;
    private const int Threads = 2;
    private const int MlpSteps = 1_000;
    private const int SasrecSteps = 60;

    /// <summary>60 inputs, hidden layers of 128 and 64 units, one log-odds; batches of 256; Adam.</summary>
    public static void Mlp()
    {
        using var trainer = MlpTrainer(KernelSet.Best);
        Compare("mlp", MlpSteps, step => trainer.Step(RandomRows.Batch(step)));
    }

    /// <summary>SASRec with two blocks of width 64 over 20,000 items; batches of 128 sequences of 10 to 50 steps; binary cross-entropy with one drawn item a step; Adam, lazy for the items.</summary>
    public static void Sasrec()
    {
        var (trainer, batches) = SasrecTrainer(KernelSet.Best);
        using (trainer) Compare("sasrec", SasrecSteps, step => trainer.Step(batches[step % batches.Length]));
    }

    /// <summary>The same steps by each set of kernels that the processor can run, in alternating rounds.</summary>
    public static void KernelSets()
    {
        foreach (var (mode, steps, start) in (IEnumerable<(string, int, Func<KernelSet, (IDisposable Owner, Func<int, double> Step)>)>)
        [
            ("mlp", MlpSteps, set => MlpTrainer(set) is var trainer ? (trainer, step => trainer.Step(RandomRows.Batch(step))) : default),
            ("sasrec", SasrecSteps, set => SasrecTrainer(set) is var (trainer, batches) ? (trainer, step => trainer.Step(batches[step % batches.Length])) : default),
        ])
        {
            var runs = KernelSet.All.Where(set => set.Name != "Scalar").Select(set => (set.Name, Run: start(set), Rounds: new List<double>())).ToList();
            foreach (var (_, run, _) in runs) Round(steps, run.Step);
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (_, run, rounds) in runs) rounds.Add(Round(steps, run.Step));
            }

            foreach (var (name, run, rounds) in runs)
            {
                Console.WriteLine($"{mode}, {name}: {Words(rounds)} ms a step");
                run.Owner.Dispose();
            }
        }
    }

    private static NetworkTrainer MlpTrainer(KernelSet kernels) => new(new RandomRows(), new NetworkTraining(Groups: 4, Threads: Threads), kernels, 1, TimeProvider.System);

    private static (NetworkTrainer Trainer, int[][] Batches) SasrecTrainer(KernelSet kernels)
    {
        const int Items = 20_000;
        const int Batch = 128;
        const int Batches = 16;
        var random = new SeededRandom(1);
        int[][] sequences = [.. Enumerable.Range(0, Batch * Batches).Select(_ => Enumerable.Range(0, 11 + random.NextInt(41)).Select(_ => 1 + random.NextInt(Items)).ToArray())];
        var network = new SequenceNetwork(new SequenceOptions(Loss: NextStepLoss.BinaryCrossEntropy, Dropout: 0), Items);
        network.Parameters.Begin(1);
        var objective = new NextStepObjective(network, new ShopperSequences(sequences), new ShopperSequences([]));
        return (new NetworkTrainer(objective, new NetworkTraining(Groups: 16, Threads: Threads), kernels, 1, TimeProvider.System), [.. Enumerable.Range(0, Batches).Select(batch => Enumerable.Range(batch * Batch, Batch).ToArray())]);
    }

    private static void Compare(string mode, int steps, Func<int, double> step)
    {
        var ours = new List<double>();
        var torch = new List<double>();
        var version = "";
        for (var i = 0; i < steps; i++) step(i);
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Round(steps, step));
            if (TorchSteps(mode, steps) is not { } taken) continue;
            torch.Add(Median(taken.Milliseconds));
            version = taken.Version;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mode}, {Threads} threads, {KernelSet.Best.Name}, {Rounds} rounds of {steps} steps; milliseconds a step, each round's median"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ours: {Words(ours)}; {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB resident at most"));
        if (torch.Count == 0)
        {
            Console.WriteLine("There is no Python with torch to compare with.");
            return;
        }

        Console.WriteLine($"torch {version}: {Words(torch)}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio of the medians: {Median(ours) / Median(torch):0.00}"));
    }

    /// <summary>The median of one round's steps, in milliseconds.</summary>
    private static double Round(int steps, Func<int, double> step) => Median(Enumerable.Range(0, steps).Select(i =>
    {
        var started = Stopwatch.GetTimestamp();
        if (!double.IsFinite(step(i))) throw new InvalidOperationException("The loss is no number.");
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }));

    private static string Words(List<double> milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', milliseconds.Select(value => value.ToString("0.000", CultureInfo.InvariantCulture)))}, median {Median(milliseconds):0.000}");

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return ordered[ordered.Length / 2];
    }

    /// <returns>Null where there is no Python with torch.</returns>
    private static TorchRun? TorchSteps(string mode, int steps)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Training", "torch_steps.py"), mode, $"{Threads}", steps.ToString(CultureInfo.InvariantCulture)]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<TorchRun>(output, JsonSerializerOptions.Web) : null;
    }

    private sealed record TorchRun(string Version, double[] Milliseconds);

    /// <summary>Sixteen batches of random rows for the perceptron.</summary>
    private sealed class RandomRows : Objective
    {
        private const int Rows = 16 * 256;
        private const int Columns = 60;
        private static readonly int[] Order = [.. Enumerable.Range(0, Rows)];
        private readonly float[] _x = new float[Rows * Columns];
        private readonly float[] _y = new float[Rows];
        private readonly Sequential _network;

        public RandomRows()
        {
            var random = new SeededRandom(1);
            for (var i = 0; i < _x.Length; i++) _x[i] = (float)((2 * random.NextDouble()) - 1);
            for (var i = 0; i < _y.Length; i++) _y[i] = random.NextDouble() < 0.3 ? 1 : 0;
            _network = new Sequential(
                new Core.Learning.Layers.Linear(Parameters, "1", Columns, 128), new Activation(ActivationKind.Relu), new Core.Learning.Layers.Linear(Parameters, "2", 128, 64), new Activation(ActivationKind.Relu),
                new Core.Learning.Layers.Linear(Parameters, "3", 64, 1));
            Parameters.Begin(1);
        }

        public override Parameters Parameters { get; } = new();

        public override int Examples => Rows;

        public override int ValidationExamples => 0;

        public override string Fingerprint => "random";

        public static ReadOnlyMemory<int> Batch(int step) => Order.AsMemory(step % 16 * 256, 256);

        public override double Learn(Pass pass, ReadOnlySpan<int> examples, int terms, ulong seed)
        {
            pass.Begin(training: true, seed);
            var x = pass.New(examples.Length, 1, Columns);
            Span<float> targets = stackalloc float[examples.Length];
            for (var i = 0; i < examples.Length; i++)
            {
                _x.AsSpan(examples[i] * Columns, Columns).CopyTo(x.Span[(i * Columns)..]);
                targets[i] = _y[examples[i]];
            }

            var logits = _network.Forward(pass, x);
            var dy = pass.New(logits.Batch, 1, 1);
            var loss = Losses.BinaryCrossEntropy(logits, targets, [], terms, dy);
            _network.Backward(pass, dy);
            return loss;
        }

        public override double Validate(Pass pass, int from, int count) => 0;
    }
}
