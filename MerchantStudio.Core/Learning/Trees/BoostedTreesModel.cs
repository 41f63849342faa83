namespace MerchantStudio.Core.Learning.Trees;

/// <summary>A sum of trees over the log-odds of the training rate.</summary>
internal sealed class BoostedTreesModel(FeatureColumn[] columns, double bias, Tree[] trees, string settings) : IBinaryModel
{
    public const string FamilyName = "trees";
    private const int LeastRowsForThreads = 4096;

    public string Family => FamilyName;

    public IReadOnlyList<Tree> Trees => trees;

    /// <summary>How it was grown, for the model card.</summary>
    public string Settings => settings;

    /// <summary>Log-odds before any tree.</summary>
    public double Bias => bias;

    public float[] Score(FeatureMatrix x)
    {
        BinaryModels.CheckColumns(columns, x);
        var scores = new float[x.Rows];
        if (x.Rows < LeastRowsForThreads)
        {
            for (var row = 0; row < scores.Length; row++) scores[row] = (float)BinaryModels.Sigmoid(LogOdds(x, row));
        }
        else
        {
            Parallel.For(0, x.Rows, new ParallelOptions { MaxDegreeOfParallelism = 2 }, row => scores[row] = (float)BinaryModels.Sigmoid(LogOdds(x, row)));
        }

        return scores;
    }

    public double LogOdds(FeatureMatrix x, int row)
    {
        var logOdds = bias;
        foreach (var tree in trees) logOdds += tree.Score(x, row);
        return logOdds;
    }

    /// <summary>Exact Shapley values of the trees, weighing branches by the training rows that took them.</summary>
    public double[] Explain(FeatureMatrix x, int row)
    {
        BinaryModels.CheckColumns(columns, x);
        var contributions = new double[columns.Length + 1];
        contributions[^1] = bias;
        foreach (var tree in trees)
        {
            contributions[^1] += tree.Expectation();
            TreeShap.Add(tree, x, row, contributions);
        }

        return contributions;
    }

    public void Save(Stream stream)
    {
        using var writer = BinaryModels.Begin(stream, FamilyName);
        BinaryModels.WriteColumns(writer, columns);
        writer.Write(settings);
        writer.Write(bias);
        writer.Write(trees.Length);
        foreach (var tree in trees) tree.Write(writer);
    }

    public static BoostedTreesModel Read(BinaryReader reader)
    {
        var columns = BinaryModels.ReadColumns(reader);
        var settings = reader.ReadString();
        var bias = reader.ReadDouble();
        var trees = new Tree[reader.ReadInt32()];
        for (var i = 0; i < trees.Length; i++) trees[i] = Tree.Read(reader);
        return new BoostedTreesModel(columns, bias, trees, settings);
    }
}
