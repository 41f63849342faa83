namespace MerchantStudio.Core.Learning;

/// <summary>A trained model of what comes next in a sequence of items or of kinds of events.</summary>
public interface ISequenceModel
{
    /// <summary>"sasrec", "gru", "lstm" or "cnn"; "popularity", "item-knn", "ials" or "blend".</summary>
    string Family { get; }

    /// <summary>The highest id that it knows.</summary>
    int Ids { get; }

    /// <param name="history">Ids in order of time, the last step last; ids that the model does not know are passed over.</param>
    /// <returns>A score for each id, that of id 1 first; comparable within one answer only. A softmax over them gives probabilities where the model was trained by a full softmax.</returns>
    float[] Score(ReadOnlySpan<int> history);

    /// <summary>Writes the model so that <see cref="SequenceModels.Load"/> reads it back; the same model always gives the same bytes.</summary>
    void Save(Stream stream);
}
