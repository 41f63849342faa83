using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Networks;

namespace MerchantStudio.Tests.Learning.Networks;

/// <summary>Examples of three words each; the answer is yes when a word is repeated or one of the first ten occurs. A lazy table, dropout and dense layers learn it.</summary>
internal sealed unsafe class WordsObjective : Objective
{
    private const int Words = 60;
    private readonly int[] _words;
    private readonly float[] _answers;
    private readonly int _examples;
    private readonly Layer _network;

    public WordsObjective(int examples, int validation, ulong seed = 5)
    {
        var random = new SeededRandom(seed);
        _examples = examples;
        ValidationExamples = validation;
        _words = [.. Enumerable.Range(0, 3 * (examples + validation)).Select(_ => 1 + random.NextInt(Words))];
        _answers = [.. Enumerable.Range(0, examples + validation).Select(i => _words.AsSpan(3 * i, 3).IndexOfAnyInRange(1, 10) >= 0 ? 1f : 0f)];
        _network = new Sequential(
            new Embedding(Parameters, "word", Words, 5, lazy: true), new Linear(Parameters, "hidden", 15, 12), new Activation(ActivationKind.Relu), new Dropout(0.1f), new Linear(Parameters, "out", 12, 1));
        Parameters.Begin(3);
    }

    public override Parameters Parameters { get; } = new();

    public override int Examples => _examples;

    public override int ValidationExamples { get; }

    public override string Fingerprint => "words";

    /// <summary>Called before each group of a step.</summary>
    public Action? Before { get; set; }

    public override double Learn(Pass pass, ReadOnlySpan<int> examples, int terms, ulong seed)
    {
        Before?.Invoke();
        pass.Begin(training: true, seed);
        var logits = _network.Forward(pass, Input(pass, examples));
        var dy = pass.New(logits.Batch, 1, 1);
        var loss = Losses.BinaryCrossEntropy(logits, Answers(examples), [], terms, dy);
        _network.Backward(pass, dy);
        return loss;
    }

    public override double Validate(Pass pass, int from, int count)
    {
        pass.Begin(training: false, 0);
        var examples = Enumerable.Range(_examples + from, count).ToArray();
        var logits = _network.Forward(pass, Input(pass, examples));
        var loss = Losses.BinaryCrossEntropy(logits, Answers(examples), [], 1, pass.New(count, 1, 1));
        pass.Forget();
        return loss;
    }

    private float[] Answers(ReadOnlySpan<int> examples)
    {
        var answers = new float[examples.Length];
        for (var i = 0; i < answers.Length; i++) answers[i] = _answers[examples[i]];
        return answers;
    }

    private Tensor Input(Pass pass, ReadOnlySpan<int> examples)
    {
        var x = pass.New(examples.Length, 1, 3);
        for (var i = 0; i < x.Length; i++) x.Pointer[i] = _words[(3 * examples[i / 3]) + (i % 3)];
        return x;
    }
}
