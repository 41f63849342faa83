namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Exact path-dependent Shapley values of one tree in polynomial time.</summary>
/// <remarks>Lundberg, Erion and Lee, Consistent individualized feature attribution for tree ensembles, 2018, algorithm 2.</remarks>
internal static class TreeShap
{
    /// <summary>One column met on the way from the root.</summary>
    /// <param name="Zero">Share of subsets' rows that go this way without knowing the column.</param>
    /// <param name="One">1 when the row itself goes this way, else 0.</param>
    /// <param name="Weight">Summed weight of the subsets of each size.</param>
    private record struct Element(int Column, double Zero, double One, double Weight);

    /// <summary>Adds the tree's contributions to the columns; they sum to its answer less its expectation.</summary>
    public static void Add(Tree tree, float[] row, double[] contributions) =>
        Visit(tree, row, contributions, 0, [], 1, 1, -1);

    private static void Visit(Tree tree, float[] row, double[] contributions, int at, ReadOnlySpan<Element> soFar, double zero, double one, int column)
    {
        var path = Extend(soFar, zero, one, column);
        var node = tree.Nodes[at];
        if (node.IsLeaf)
        {
            for (var i = 1; i < path.Length; i++)
            {
                contributions[path[i].Column] += UnwoundSum(path, i) * (path[i].One - path[i].Zero) * node.Value;
            }

            return;
        }

        var left = node.GoesLeft(row[node.Column]);
        var (taken, other) = left ? (node.Left, node.Right) : (node.Right, node.Left);
        double knownZero = 1, knownOne = 1;
        var known = Array.FindIndex(path, 1, element => element.Column == node.Column);
        if (known > 0)
        {
            knownZero = path[known].Zero;
            knownOne = path[known].One;
            path = Unwind(path, known);
        }

        Visit(tree, row, contributions, taken, path, knownZero * tree.Nodes[taken].Cover / node.Cover, knownOne, node.Column);
        Visit(tree, row, contributions, other, path, knownZero * tree.Nodes[other].Cover / node.Cover, 0, node.Column);
    }

    private static Element[] Extend(ReadOnlySpan<Element> soFar, double zero, double one, int column)
    {
        var depth = soFar.Length;
        var path = new Element[depth + 1];
        soFar.CopyTo(path);
        path[depth] = new Element(column, zero, one, depth == 0 ? 1 : 0);
        for (var i = depth - 1; i >= 0; i--)
        {
            path[i + 1].Weight += one * path[i].Weight * (i + 1) / (depth + 1);
            path[i].Weight = zero * path[i].Weight * (depth - i) / (depth + 1);
        }

        return path;
    }

    private static Element[] Unwind(Element[] from, int index)
    {
        var path = (Element[])from.Clone();
        var depth = path.Length - 1;
        var (one, zero) = (path[index].One, path[index].Zero);
        var next = path[depth].Weight;
        for (var i = depth - 1; i >= 0; i--)
        {
            if (one != 0)
            {
                var before = path[i].Weight;
                path[i].Weight = next * (depth + 1) / ((i + 1) * one);
                next = before - (path[i].Weight * zero * (depth - i) / (depth + 1));
            }
            else
            {
                path[i].Weight = path[i].Weight * (depth + 1) / (zero * (depth - i));
            }
        }

        for (var i = index; i < depth; i++) path[i] = path[i + 1] with { Weight = path[i].Weight };
        return path[..depth];
    }

    private static double UnwoundSum(Element[] path, int index)
    {
        var depth = path.Length - 1;
        var (one, zero) = (path[index].One, path[index].Zero);
        var next = path[depth].Weight;
        var total = 0.0;
        for (var i = depth - 1; i >= 0; i--)
        {
            if (one != 0)
            {
                var part = next * (depth + 1) / ((i + 1) * one);
                total += part;
                next = path[i].Weight - (part * zero * (depth - i) / (depth + 1));
            }
            else if (zero != 0)
            {
                total += path[i].Weight * (depth + 1) / (zero * (depth - i));
            }
        }

        return total;
    }
}
