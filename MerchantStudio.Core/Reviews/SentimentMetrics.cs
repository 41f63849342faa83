using System.Collections.Immutable;

namespace MerchantStudio.Core.Reviews;

/// <summary>How often the stated sentiment is right, on held-out reviews.</summary>
/// <param name="MacroF1">Plain mean of the classes' F1, so that a rare class counts as much as a common one; classes without a review are left out.</param>
/// <param name="LogLoss">Mean of -ln of the true class's probability.</param>
/// <param name="Classes">In the order negative, neutral, positive; without neutral when nothing is labelled so.</param>
/// <param name="Confusion">Rows: the true class, columns: the stated one, both in the order of <paramref name="Classes"/>.</param>
public sealed record SentimentMetrics(int Reviews, double MacroF1, double Accuracy, double LogLoss, ImmutableArray<ClassFigures> Classes, ImmutableArray<ImmutableArray<int>> Confusion);

/// <param name="Precision">0 when the class was never stated.</param>
public sealed record ClassFigures(string Class, int Reviews, double Precision, double Recall, double F1);
