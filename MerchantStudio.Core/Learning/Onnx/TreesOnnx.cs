using MerchantStudio.Core.Learning.Trees;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>
/// Trees as a TreeEnsembleRegressor. A split by a set of categories is a chain of "equals" whose true branches lead to the same child: runtimes read such a chain as
/// one membership test.
/// </summary>
internal sealed class TreesOnnx
{
    private readonly List<long> _trees = [];
    private readonly List<long> _ids = [];
    private readonly List<long> _columns = [];
    private readonly List<string> _modes = [];
    private readonly List<float> _values = [];
    private readonly List<long> _true = [];
    private readonly List<long> _false = [];
    private readonly List<long> _missingTrue = [];
    private readonly List<long> _leafTrees = [];
    private readonly List<long> _leafIds = [];
    private readonly List<long> _leafOutputs = [];
    private readonly List<float> _leafValues = [];

    /// <returns>The sums of the forest's trees, with its start, as a column of Double for each output.</returns>
    public static string Sums(OnnxGraph graph, OnnxInputs inputs, Forest forest)
    {
        var x = inputs.Matrix((column, category) => forest.Codes[column]!.Bin(category) is var bin and not CategoryCodes.Unknown ? bin : float.NaN, _ => float.NaN);
        var (table, places) = (new TreesOnnx(), inputs.Places());
        for (var tree = 0; tree < forest.Trees.Count; tree++) table.Add(tree, tree % forest.Outputs, forest.Trees[tree].Nodes, places);
        var sums = graph.AddLearnt("TreeEnsembleRegressor",
        [
            OnnxAttribute.Int("n_targets", forest.Outputs),
            OnnxAttribute.Text("aggregate_function", "SUM"),
            OnnxAttribute.Ints("nodes_treeids", table._trees), OnnxAttribute.Ints("nodes_nodeids", table._ids), OnnxAttribute.Ints("nodes_featureids", table._columns),
            OnnxAttribute.Texts("nodes_modes", table._modes), OnnxAttribute.Floats("nodes_values", table._values),
            OnnxAttribute.Ints("nodes_truenodeids", table._true), OnnxAttribute.Ints("nodes_falsenodeids", table._false),
            OnnxAttribute.Ints("nodes_missing_value_tracks_true", table._missingTrue),
            OnnxAttribute.Ints("target_treeids", table._leafTrees), OnnxAttribute.Ints("target_nodeids", table._leafIds),
            OnnxAttribute.Ints("target_ids", table._leafOutputs), OnnxAttribute.Floats("target_weights", table._leafValues),
        ], x);
        return graph.Add("Add", graph.Cast(sums, OnnxType.Double), graph.Row([.. forest.Start]));
    }

    private void Add(int tree, int output, TreeNode[] nodes, int[] places)
    {
        var links = nodes.Length;   // further links of chains are numbered after the tree's own nodes
        for (var id = 0; id < nodes.Length; id++)
        {
            var node = nodes[id];
            if (node.IsLeaf)
            {
                AddNode(tree, id, 0, "LEAF", 0, 0, 0, false);
                _leafTrees.Add(tree);
                _leafIds.Add(id);
                _leafOutputs.Add(output);
                _leafValues.Add((float)node.Value);
            }
            else if (node.Categories is null) AddNode(tree, id, places[node.Column], "BRANCH_LEQ", node.Threshold, node.Left, node.Right, node.MissingLeft);
            else links = AddChain(tree, id, node, places[node.Column], links);
        }
    }

    private int AddChain(int tree, int id, TreeNode node, int place, int links)
    {
        int[] bins = [.. Enumerable.Range(0, TreeNode.SetWords * 64).Where(bin => node.GoesLeft(bin))];
        for (var i = 0; i < bins.Length; i++)
        {
            var isLast = i == bins.Length - 1;
            AddNode(tree, i == 0 ? id : links++, place, "BRANCH_EQ", bins[i], node.Left, isLast ? node.Right : links, node.MissingLeft && i == 0);
        }

        return links;
    }

    private void AddNode(int tree, int id, int column, string mode, float value, int whenTrue, int whenFalse, bool missingTrue)
    {
        _trees.Add(tree);
        _ids.Add(id);
        _columns.Add(column);
        _modes.Add(mode);
        _values.Add(value);
        _true.Add(whenTrue);
        _false.Add(whenFalse);
        _missingTrue.Add(missingTrue ? 1 : 0);
    }
}
