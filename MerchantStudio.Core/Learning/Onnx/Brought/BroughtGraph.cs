using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>What a model file that passed the scan asks for and gives.</summary>
/// <param name="Operators">How many, functions written out.</param>
/// <param name="Facts">The file's metadata.</param>
public sealed record BroughtGraph(ImmutableArray<BroughtInput> Inputs, ImmutableArray<BroughtOutput> Outputs, long Operators, string? Producer, ImmutableDictionary<string, string> Facts)
{
    /// <summary>Columns of all inputs together.</summary>
    public int Columns => Inputs.Sum(input => input.Columns);

    /// <summary>True where the file says that it takes one row at a time.</summary>
    public bool OneRow => Inputs.Any(input => input.OneRow);
}

/// <param name="Type">"float", "double", "int32" or "int64".</param>
/// <param name="Flat">Whether it takes one dimension, the rows alone.</param>
/// <param name="OneRow">Whether the number of rows is fixed to 1.</param>
public sealed record BroughtInput(string Name, string Type, int Columns, bool Flat, bool OneRow);

/// <param name="Columns">1, or 2 for the chances of no and yes; null where the file does not say.</param>
public sealed record BroughtOutput(string Name, int? Columns);
