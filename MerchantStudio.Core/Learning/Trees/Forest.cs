namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Sums of trees over fixed columns: one sum an output, the trees of a round one after the other.</summary>
/// <param name="columns">What it was fitted on.</param>
/// <param name="codes">Bins of each column's categories; null for numbers.</param>
/// <param name="start">Raw score of each output before any tree.</param>
/// <param name="trees">Tree t adds to output t mod outputs.</param>
internal sealed class Forest(FeatureColumn[] columns, CategoryCodes?[] codes, double[] start, Tree[] trees)
{
    private const int LeastRowsForThreads = 2048;
    private const int BlocksOfPart = 16;

    private ForestSteps? _steps;

    public IReadOnlyList<FeatureColumn> Columns => columns;

    public IReadOnlyList<CategoryCodes?> Codes => codes;

    public IReadOnlyList<double> Start => start;

    public IReadOnlyList<Tree> Trees => trees;

    public int Outputs => start.Length;

    /// <returns>Raw scores, a row's outputs one after the other.</returns>
    public double[] Score(FeatureMatrix x, int threads)
    {
        var steps = _steps ??= new ForestSteps(this);
        var scores = new double[(long)x.Rows * Outputs];
        const int PartRows = ForestSteps.BlockRows * BlocksOfPart;
        var size = x.Rows < LeastRowsForThreads ? 0 : (long)x.Rows * trees.Length;
        Work.ForEach((x.Rows + PartRows - 1) / PartRows, size, threads, part => steps.Score(x, part * PartRows, Math.Min(x.Rows, (part + 1) * PartRows), scores));
        return scores;
    }

    /// <summary>One row's values as trees take them: categories as bins, NaN for the missing and the unknown.</summary>
    public float[] Row(FeatureMatrix x, int row)
    {
        var values = new float[columns.Length];
        for (var column = 0; column < values.Length; column++)
        {
            values[column] = codes[column] is not { } bins ? x[row, column] : bins.Bin(x[row, column]) is var bin and not CategoryCodes.Unknown ? bin : float.NaN;
        }

        return values;
    }

    public void Write(BinaryWriter writer)
    {
        BinaryModels.WriteColumns(writer, columns);
        foreach (var column in codes) column?.Write(writer);
        writer.Write(start.Length);
        foreach (var score in start) writer.Write(score);
        writer.Write(trees.Length);
        foreach (var tree in trees) tree.Write(writer);
    }

    public static Forest Read(BinaryReader reader)
    {
        var columns = BinaryModels.ReadColumns(reader);
        var codes = new CategoryCodes?[columns.Length];
        for (var column = 0; column < codes.Length; column++)
        {
            if (columns[column].IsCategorical) codes[column] = CategoryCodes.Read(reader);
        }

        var start = new double[reader.ReadInt32()];
        for (var output = 0; output < start.Length; output++) start[output] = reader.ReadDouble();
        var trees = new Tree[reader.ReadInt32()];
        for (var i = 0; i < trees.Length; i++) trees[i] = Tree.Read(reader);
        return new Forest(columns, codes, start, trees);
    }
}
