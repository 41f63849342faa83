namespace MerchantStudio.Core.Learning.Trees;

/// <summary>One split or leaf.</summary>
/// <param name="Column">−1 in a leaf.</param>
/// <param name="Threshold">Numbers up to it go left.</param>
/// <param name="Categories">Bit set of the codes that go left; null for a number.</param>
/// <param name="MissingLeft">Where a missing or unknown value goes.</param>
/// <param name="Value">Log-odds of a leaf.</param>
/// <param name="Cover">Training rows that came here.</param>
internal readonly record struct TreeNode(int Column, float Threshold, ulong[]? Categories, bool MissingLeft, int Left, int Right, double Value, double Cover)
{
    public bool IsLeaf => Column < 0;

    public bool GoesLeft(float value)
    {
        if (float.IsNaN(value)) return MissingLeft;
        if (Categories is null) return value <= Threshold;
        var code = (int)value;
        if (code < 0 || code >= Categories.Length * 64) return MissingLeft;
        return (Categories[code >> 6] & (1UL << (code & 63))) != 0;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Column);
        writer.Write(Threshold);
        writer.Write(Categories?.Length ?? 0);
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
        var words = new ulong[reader.ReadInt32()];
        for (var i = 0; i < words.Length; i++) words[i] = reader.ReadUInt64();
        return new TreeNode(column, threshold, words.Length == 0 ? null : words, reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble());
    }
}

/// <summary>Nodes of one tree; the root is node 0.</summary>
internal sealed class Tree(TreeNode[] nodes)
{
    public TreeNode[] Nodes => nodes;

    public double Score(FeatureMatrix x, int row)
    {
        var at = 0;
        while (!nodes[at].IsLeaf) at = nodes[at].GoesLeft(x[row, nodes[at].Column]) ? nodes[at].Left : nodes[at].Right;
        return nodes[at].Value;
    }

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
}
