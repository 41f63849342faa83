using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Networks;

/// <summary>Trains a network by mini-batches. The same examples, options and seed give the same bits on the same kernels, for any number of threads, broken off and taken up again or not.</summary>
internal sealed class NetworkTrainer : IDisposable
{
    private const int ValidationShare = 256;

    private readonly Objective _objective;
    private readonly NetworkTraining _training;
    private readonly ulong _seed;
    private readonly Optimizer _optimizer;
    private readonly Gradients[] _gradients;
    private readonly Pass[] _passes;
    private readonly WorkerTeam _team;
    private readonly TimeProvider _time;
    private readonly Func<bool>? _stopHere;
    private readonly string _fingerprint;
    private readonly double[] _losses;
    private readonly Action<int, int> _learn;
    private ReadOnlyMemory<int> _batch;
    private int _terms;

    /// <param name="objective">Its parameters must have begun.</param>
    /// <param name="stopHere">Asked after each epoch; true keeps the best one so far. Null never stops.</param>
    public NetworkTrainer(Objective objective, NetworkTraining training, KernelSet kernels, int seed, TimeProvider time, Func<bool>? stopHere = null)
    {
        _stopHere = stopHere;
        _objective = objective;
        _training = training;
        _seed = (ulong)seed;
        _time = time;
        _optimizer = Optimizer.Create(objective.Parameters, kernels, training.Optimizer ?? new OptimizerOptions());
        _gradients = [.. Enumerable.Range(0, training.Groups).Select(_ => new Gradients(objective.Parameters))];
        _passes = [.. Enumerable.Range(0, training.Threads).Select(_ => new Pass(objective.Parameters, kernels, _gradients[0]))];
        _fingerprint = $"{training.Fingerprint(kernels.Name, _seed)} {objective.Examples} {objective.Parameters.Length} {objective.Fingerprint}";
        _losses = new double[training.Groups];
        _learn = LearnGroup;
        _team = new WorkerTeam(training.Threads);
    }

    /// <param name="checkpoint">Where to go on from and to leave the state after each epoch; null for neither.</param>
    /// <exception cref="OperationCanceledException">The checkpoint of the last whole epoch stays.</exception>
    public TrainingResult Train(CheckpointFile? checkpoint, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var notes = ImmutableArray.CreateBuilder<Problem>();
        var state = new TrainingState(_objective.Parameters, _optimizer);
        if (checkpoint is not null) Resume(state, checkpoint, notes);
        var resumedFrom = state.Epoch;
        var started = _time.GetTimestamp();
        var stop = TrainingStop.AllEpochs;
        while (state.Epoch < _training.Epochs)
        {
            if (_objective.ValidationExamples > 0 && state.Epoch - state.BestEpoch >= _training.Patience)
            {
                stop = TrainingStop.NoProgress;
                break;
            }

            var loss = LearnAll(state.Epoch, cancellationToken);
            var validation = double.IsFinite(loss) && _objective.ValidationExamples > 0 ? ValidateAll(cancellationToken) : double.NaN;
            if (!double.IsFinite(loss) || (_objective.ValidationExamples > 0 && !double.IsFinite(validation)))
            {
                stop = TrainingStop.Diverged;
                notes.Add(new Problem("learning.diverged", "In epoch {0} the loss was no number any more; the network of epoch {1} is kept. A lower learning rate helps.", state.Epoch + 1, state.BestEpoch));
                break;
            }

            state.EndEpoch(_objective.ValidationExamples > 0 ? validation : loss, always: _objective.ValidationExamples == 0);
            checkpoint?.Write(writer => state.Write(writer, _fingerprint));
            var elapsed = _time.GetElapsedTime(started);
            var remaining = elapsed / (state.Epoch - resumedFrom) * (_training.Epochs - state.Epoch);
            progress?.Report(new TrainingProgress(state.Epoch, _training.Epochs, loss, validation, elapsed, remaining));
            if (_stopHere is not null && _stopHere())
            {
                stop = TrainingStop.Asked;
                break;
            }
        }

        state.RestoreBest();
        return new TrainingResult(state.Epoch, state.BestEpoch, state.BestLoss, stop, resumedFrom, notes.ToImmutable());
    }

    /// <summary>One step on one batch.</summary>
    /// <returns>The batch's mean loss before the step; when it is no number, no step is taken.</returns>
    public double Step(ReadOnlyMemory<int> batch)
    {
        _batch = batch;
        _terms = 0;
        foreach (var example in batch.Span) _terms += _objective.Terms(example);
        _team.Run(_training.Groups, _learn);
        var loss = 0.0;
        foreach (var share in _losses) loss += share;
        if (!double.IsFinite(loss)) return loss;
        for (var group = 1; group < _gradients.Length; group++) _gradients[0].Add(_passes[0].Kernels, _gradients[group]);
        _optimizer.Step(_gradients[0]);
        return loss;
    }

    public void Dispose() => _team.Dispose();

    private void Resume(TrainingState state, CheckpointFile checkpoint, ImmutableArray<Problem>.Builder notes)
    {
        try
        {
            using var reader = checkpoint.Read();
            if (reader is not null && !state.Read(reader, _fingerprint))
                notes.Add(new Problem("learning.checkpoint-of-another", "The state that was kept is of another training; this one began anew."));
        }
        catch (InvalidDataException)
        {
            notes.Add(new Problem("learning.checkpoint-unreadable", "The state that was kept is damaged; the training began anew."));
        }
    }

    private double LearnAll(int epoch, CancellationToken cancellationToken)
    {
        var order = new SeededRandom(SeededRandom.Mix(_seed, (ulong)epoch + 1)).Shuffle(Enumerable.Range(0, _objective.Examples).ToArray());
        double sum = 0;
        long terms = 0;
        for (var from = 0; from < order.Length; from += _training.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var loss = Step(order.AsMemory(from, Math.Min(_training.BatchSize, order.Length - from)));
            if (!double.IsFinite(loss)) return loss;
            sum += loss * _terms;
            terms += _terms;
        }

        return sum / terms;
    }

    private double ValidateAll(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = _objective.ValidationExamples;
        var sums = new double[(count + ValidationShare - 1) / ValidationShare];
        _team.Run(sums.Length, (share, worker) => sums[share] = _objective.Validate(_passes[worker], share * ValidationShare, Math.Min(ValidationShare, count - (share * ValidationShare))));
        return sums.Sum() / count;
    }

    private void LearnGroup(int group, int worker)
    {
        var pass = _passes[worker];
        pass.Gradients = _gradients[group];
        pass.Gradients.Clear();
        var from = (int)((long)_batch.Length * group / _training.Groups);
        var to = (int)((long)_batch.Length * (group + 1) / _training.Groups);
        var seed = SeededRandom.Mix(SeededRandom.Mix(_seed, (ulong)_optimizer.Steps + 1), (ulong)group + 1);
        _losses[group] = from == to ? 0 : _objective.Learn(pass, _batch.Span[from..to], _terms, seed);
    }
}
