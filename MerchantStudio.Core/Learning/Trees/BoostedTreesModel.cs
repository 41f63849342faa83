using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>A sum of trees over the log-odds of the training rate.</summary>
internal sealed class BoostedTreesModel(Forest forest, string settings) : IBinaryModel, IOnnxModel
{
    public const string FamilyName = "trees";

    /// <summary>Written in place of the family; a file with an older layout is refused by name.</summary>
    public const string FileTag = "trees 2";
    private const int Threads = 2;

    public string Family => FamilyName;

    public IReadOnlyList<FeatureColumn> Columns => forest.Columns;

    public IReadOnlyList<Tree> Trees => forest.Trees;

    public string Settings => settings;

    /// <summary>Log-odds before any tree.</summary>
    public double Bias => forest.Start[0];

    public float[] Score(FeatureMatrix x)
    {
        BinaryModels.CheckColumns(forest.Columns, x);
        return Array.ConvertAll(forest.Score(x, Threads), logOdds => (float)BinaryModels.Sigmoid(logOdds));
    }

    public double LogOdds(FeatureMatrix x, int row)
    {
        var values = forest.Row(x, row);
        var logOdds = Bias;
        foreach (var tree in Trees) logOdds += tree.Score(values);
        return logOdds;
    }

    /// <summary>Exact Shapley values of the trees, weighing branches by the training rows that took them.</summary>
    public double[] Explain(FeatureMatrix x, int row)
    {
        BinaryModels.CheckColumns(forest.Columns, x);
        var contributions = new double[forest.Columns.Count + 1];
        contributions[^1] = Bias;
        var values = forest.Row(x, row);
        foreach (var tree in Trees)
        {
            contributions[^1] += tree.Expectation();
            TreeShap.Add(tree, values, contributions);
        }

        return contributions;
    }

    string IOnnxModel.LogOdds(OnnxGraph graph, OnnxInputs inputs) => TreesOnnx.Sums(graph, inputs, forest);

    public void Save(Stream stream) => ModelFile.Write(stream, FileTag, writer =>
    {
        writer.Write(settings);
        forest.Write(writer);
    });

    public static BoostedTreesModel Read(BinaryReader reader)
    {
        var settings = reader.ReadString();
        return new BoostedTreesModel(Forest.Read(reader), settings);
    }
}
