using System.Collections.Immutable;

namespace MerchantStudio.Core.Ingestion;

/// <summary>A table for learning that was imported: features and a label.</summary>
/// <param name="Number">Its rows lie in the warehouse table feature_rows_N.</param>
/// <param name="Label">The column to be learned.</param>
/// <param name="Columns">All columns, the label last.</param>
/// <param name="Imports">Numbers of the imports whose rows are in it.</param>
public sealed record FeatureTableView(int Number, string Label, ImmutableArray<string> Columns, long Rows, ImmutableArray<int> Imports);
