using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks;

/// <summary>What a network is to learn: examples with a loss, and others to tell when to stop.</summary>
internal abstract class Objective
{
    public abstract Parameters Parameters { get; }

    /// <summary>Examples to learn from, known by their place from 0.</summary>
    public abstract int Examples { get; }

    /// <summary>Examples that only say when to stop; 0 for none.</summary>
    public abstract int ValidationExamples { get; }

    /// <summary>Names the examples: a training is taken up again only on the same ones.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>Terms that an example adds to the loss: 1 for a row of a table, the targets of a sequence.</summary>
    public virtual int Terms(int example) => 1;

    /// <summary>Adds the gradients of some examples to the pass.</summary>
    /// <param name="terms">Of the whole batch, whichever share of it comes here.</param>
    /// <param name="seed">Decides all chance; the same for the same group of the same batch.</param>
    /// <returns>Their share of the batch's mean loss.</returns>
    public abstract double Learn(Pass pass, ReadOnlySpan<int> examples, int terms, ulong seed);

    /// <returns>The sum over validation examples of what is to fall.</returns>
    public abstract double Validate(Pass pass, int from, int count);
}
