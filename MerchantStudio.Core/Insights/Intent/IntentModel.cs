using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Learning;

namespace MerchantStudio.Core.Insights.Intent;

/// <summary>A model with its calibration and its uncertainty: what is published, saved and scored with.</summary>
public sealed class IntentModel
{
    private const string Signature = "MSINTENT1";
    private readonly IBinaryModel _inner;
    private readonly ChanceScale _scale;

    internal IntentModel(IBinaryModel inner, ChanceScale scale) => (_inner, _scale) = (inner, scale);

    public string Family => _inner.Family;

    /// <summary>Whether these rows have the columns that it was fitted on.</summary>
    public bool Accepts(FeatureMatrix x) => ColumnAlignment.Align(_inner.Columns, x).Succeeded;

    /// <summary>Calibrated chances.</summary>
    public float[] Probabilities(FeatureMatrix x) => _scale.Calibrator.Apply(_inner.Score(x));

    /// <summary>Chances with band and reasons, one a row; and what moves them over all rows, strongest first.</summary>
    public (ImmutableArray<IntentScore> Scores, ImmutableArray<IntentDriver> Drivers) Score(FeatureMatrix x, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(x);
        var raw = _inner.Score(x);
        var scores = new IntentScore[x.Rows];
        var points = new double[x.Rows][];
        Parallel.For(0, x.Rows, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, row =>
        {
            points[row] = _scale.Points(_inner.Explain(x, row));
            scores[row] = _scale.Score(raw[row]) with { Reasons = Reasons(x, row, points[row]) };
        });
        return ([.. scores], Drivers(x, points));
    }

    /// <summary>The chance of one row with its band, without reasons.</summary>
    public IntentScore ScoreOne(FeatureMatrix row) => _scale.Score(_inner.Score(row)[0]);

    public void Save(Stream stream)
    {
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Signature);
            _scale.Write(writer);
        }

        _inner.Save(stream);
    }

    /// <summary>The model with its preparation and calibration as an ONNX file: the input "numbers" takes the features in the order that the file names (NaN where missing); it gives "probability", one calibrated chance a row.</summary>
    /// <param name="eightBit">Whether a network's weights are written as 8-bit numbers.</param>
    /// <returns>Null for a family that has no such form.</returns>
    public byte[]? ToOnnx(bool eightBit = false) => BinaryModels.ToOnnx(_inner, _scale.Calibrator, eightBit);

    /// <summary>The same model with its weights rounded to 8-bit numbers; null for one that is no network.</summary>
    public IntentModel? Rounded() => BinaryModels.Rounded(_inner) is { } rounded ? new IntentModel(rounded, _scale) : null;

    /// <exception cref="InvalidDataException">The stream does not hold an intent model.</exception>
    public static IntentModel Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadString() != Signature) throw new InvalidDataException("Not an intent model.");
        var scale = ChanceScale.Read(reader);
        return new IntentModel(BinaryModels.Load(stream), scale);
    }

    private static ImmutableArray<IntentReason> Reasons(FeatureMatrix x, int row, double[] points) =>
        [.. ChanceScale.Strongest(points).Select(column => new IntentReason(x.Columns[column].Name, float.IsNaN(x[row, column]) ? null : x[row, column], Math.Round(points[column], 3)))];

    private static ImmutableArray<IntentDriver> Drivers(FeatureMatrix x, double[][] points)
    {
        var drivers = new List<IntentDriver>();
        for (var column = 0; column < x.Columns.Length; column++)
        {
            double absolute = 0, valueSum = 0, pointSum = 0, product = 0;
            var present = 0;
            for (var row = 0; row < x.Rows; row++)
            {
                absolute += Math.Abs(points[row][column]);
                if (float.IsNaN(x[row, column])) continue;
                present++;
                valueSum += x[row, column];
                pointSum += points[row][column];
                product += x[row, column] * points[row][column];
            }

            if (absolute > 0) drivers.Add(new IntentDriver(x.Columns[column].Name, absolute / x.Rows, present == 0 || product * present >= valueSum * pointSum));
        }

        return [.. drivers.OrderByDescending(driver => driver.MeanPoints)];
    }
}
