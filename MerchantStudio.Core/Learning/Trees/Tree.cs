namespace MerchantStudio.Core.Learning.Trees;

/// <summary>One split or leaf.</summary>
/// <param name="Column">−1 in a leaf.</param>
/// <param name="Threshold">Numbers up to it go left.</param>
/// <param name="Categories">Bit set of the category bins that go left (<see cref="CategoryCodes"/>); null for a number.</param>
/// <param name="MissingLeft">Where a missing or unknown value goes.</param>
/// <param name="Value">Raw score of a leaf.</param>
/// <param name="Cover">Training rows that came here.</param>
internal readonly record struct TreeNode(int Column, float Threshold, ulong[]? Categories, bool MissingLeft, int Left, int Right, double Value, double Cover)
{
    public const int SetWords = 4;

    public bool IsLeaf => Column < 0;

    /// <param name="value">The number, or the bin of the category; NaN when missing or unknown.</param>
    public bool GoesLeft(float value)
    {
        if (float.IsNaN(value)) return MissingLeft;
        if (Categories is null) return value <= Threshold;
        var bin = (int)value;
        return (Categories[bin >> 6] & (1UL << (bin & 63))) != 0;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Column);
        writer.Write(Threshold);
        writer.Write(Categories is not null);
        foreach (var word in Categories ?? []) writer.Write(word);
        writer.Write(MissingLeft);
        writer.Write(Left);
        writer.Write(Right);
        writer.Write(Value);
        writer.Write(Cover);
    }

    public static TreeNode Read(BinaryReader reader)
    {
        var column = reader.ReadInt32();
        var threshold = reader.ReadSingle();
        var words = reader.ReadBoolean() ? new ulong[SetWords] : null;
        for (var i = 0; i < words?.Length; i++) words[i] = reader.ReadUInt64();
        return new TreeNode(column, threshold, words, reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble());
    }
}

/// <summary>Nodes of one tree; the root is node 0.</summary>
internal sealed class Tree(TreeNode[] nodes)
{
    public TreeNode[] Nodes => nodes;

    /// <param name="row">One value a column, as <see cref="Forest.Row"/> gives them.</param>
    public double Score(ReadOnlySpan<float> row)
    {
        var at = 0;
        while (!nodes[at].IsLeaf) at = nodes[at].GoesLeft(row[nodes[at].Column]) ? nodes[at].Left : nodes[at].Right;
        return nodes[at].Value;
    }

    /// <summary>Most splits between the root and a leaf.</summary>
    public int Depth() => DepthBelow(0);

    /// <summary>Mean answer over the training rows.</summary>
    public double Expectation()
    {
        var total = 0.0;
        foreach (var node in nodes)
        {
            if (node.IsLeaf) total += node.Value * node.Cover;
        }

        return total / nodes[0].Cover;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(nodes.Length);
        foreach (var node in nodes) node.Write(writer);
    }

    public static Tree Read(BinaryReader reader)
    {
        var nodes = new TreeNode[reader.ReadInt32()];
        for (var i = 0; i < nodes.Length; i++) nodes[i] = TreeNode.Read(reader);
        return new Tree(nodes);
    }

    private int DepthBelow(int node) => nodes[node].IsLeaf ? 0 : 1 + Math.Max(DepthBelow(nodes[node].Left), DepthBelow(nodes[node].Right));
}
