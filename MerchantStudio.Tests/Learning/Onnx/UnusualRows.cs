using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Native.OnnxRuntime;

namespace MerchantStudio.Tests.Learning.Onnx;

/// <summary>Rows on which an exported model could differ from ours, and what the runtime answers of them.</summary>
internal static class UnusualRows
{
    /// <summary>Shoppers with a model's own thresholds among the numbers, a fifth of all values missing and numbers far beyond those of training.</summary>
    /// <param name="thresholds">Where the model's answer bends or jumps, by column.</param>
    public static FeatureMatrix Of(int rows, ILookup<int, float> thresholds)
    {
        var (x, _) = LearningWorld.Shoppers(rows, 7);
        var random = new SeededRandom(8);
        var values = new float[x.Columns.Length * rows];
        for (var column = 0; column < x.Columns.Length; column++)
        {
            var known = thresholds[column].ToArray();
            for (var row = 0; row < rows; row++)
            {
                values[(column * rows) + row] = random.NextInt(5) switch
                {
                    0 => float.NaN,
                    1 when known.Length > 0 => known[random.NextInt(known.Length)],
                    1 when !x.Columns[column].IsCategorical => -1000 + (random.NextInt(2_000) * 1.5f),
                    _ => x[row, column],
                };
            }
        }

        return new FeatureMatrix(x.Columns, rows, values);
    }

    /// <summary>A missing category goes in as an empty text or as a word that training never met.</summary>
    public static float[] Run(byte[] file, FeatureMatrix rows, string output)
    {
        using var session = new InferenceSession(file, threads: 2);
        int[] numbers = [.. Enumerable.Range(0, rows.Columns.Length).Where(column => !rows.Columns[column].IsCategorical)];
        var words = Enumerable.Range(0, rows.Columns.Length).Except(numbers).ToDictionary(
            column => rows.Columns[column].Name,
            column => Enumerable.Range(0, rows.Rows).Select(row => float.IsNaN(rows[row, column]) ? row % 2 == 0 ? "" : "never met" : rows.Columns[column].Categories[(int)rows[row, column]]).ToArray());
        List<OrtInput> inputs = [.. words.Select(column => new OrtInput(column.Key, column.Value, rows.Rows))];
        if (numbers.Length > 0) inputs.Add(new OrtInput(OnnxInputs.Numbers, OnnxInputs.RowByRow(rows), rows.Rows));
        return session.Run(inputs, output);
    }
}
