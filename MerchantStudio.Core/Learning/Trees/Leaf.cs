namespace MerchantStudio.Core.Learning.Trees;

/// <summary>A leaf while its tree grows.</summary>
/// <param name="node">Its place in the tree.</param>
/// <param name="start">Its first row in the partition.</param>
internal sealed class Leaf(int node, int start, int count, int depth, SplitContext context)
{
    public int Node => node;

    public int Start => start;

    public int Count => count;

    public int Depth => depth;

    public SplitContext Context => context;

    /// <summary>Null before it is needed and after it was given on.</summary>
    public Histogram? Histogram { get; set; }

    public Split Best { get; set; } = Split.None;
}

/// <summary>A leaf that was split, and what it was split into.</summary>
internal sealed record Family(Leaf Parent, Leaf Left, Leaf Right)
{
    public Leaf Small => Left.Count <= Right.Count ? Left : Right;

    public Leaf Large => Left.Count <= Right.Count ? Right : Left;
}
