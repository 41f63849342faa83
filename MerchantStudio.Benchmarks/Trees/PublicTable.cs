using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Evaluation.Tables;

namespace MerchantStudio.Benchmarks.Trees;

/// <summary>A public table with a yes-or-no label.</summary>
/// <param name="Ids">Columns that name a row; not learnt from.</param>
/// <param name="Times">Sign-up and purchase, where their distance and hours are learnt from in place of the columns themselves.</param>
internal sealed record PublicTable(string Name, string File, string Label, string Positive, ImmutableArray<string> Ids, (string From, string To)? Times = null)
{
    public static ImmutableArray<PublicTable> All { get; } =
    [
        new("online-shoppers-intention", "online_shoppers_intention.csv", "Revenue", "TRUE", []),
        new("ecommerce-churn", "ecommerce_churn.csv", "Churn", "1", ["CustomerID"]),
        new("in-vehicle-coupon", "in-vehicle-coupon-recommendation.csv.gz", "Y", "1", []),
        new("ecommerce-fraud", "fraud_data_part.csv.gz", "class", "1", ["user_id", "device_id"], ("signup_time", "purchase_time")),
    ];

    public Table Read(string folder)
    {
        using var file = DelimitedFile.Open(Path.Combine(folder, Name, File), new FileReading()).Value;
        var rows = new List<string[]>();
        while (file.Read()) rows.Add([.. Enumerable.Range(0, file.Columns.Length).Select(file.Text)]);
        return new Table(file.Columns, rows);
    }

    /// <summary>Rows that are equal but for their ids lie on one side.</summary>
    public RecordSplit Split(Table table, int seed)
    {
        var ids = Ids.Select(id => table.Header.IndexOf(id)).ToHashSet();
        return HashSplit.Of([.. table.Rows.Select(row => string.Join('\u001f', row.Where((_, index) => !ids.Contains(index))))], seed);
    }

    /// <summary>All rows as numbers: one column a number, one a category that the training rows know, 1 where a row has it; blank numbers are missing.</summary>
    public (FeatureMatrix X, float[] Y) Matrix(Table table, int[] trainingRows)
    {
        if (Times is { } times) table = WithTimes(table, times.From, times.To);
        var exclude = Ids.Append(Label).Concat(Times is { } both ? [both.From, both.To] : []).Select(name => table.Header.IndexOf(name)).ToHashSet();
        var encoder = TableEncoder.Fit(table, trainingRows, exclude);
        var encoded = encoder.Encode(table, [.. Enumerable.Range(0, table.Rows.Count)]);
        var columns = new List<(string Name, float[] Values)>();
        for (var column = 0; column < encoded.Columns.Length; column++)
        {
            var (name, categories) = (encoded.Columns[column].Name, encoded.Columns[column].Categories);
            var values = encoded.Column(column).ToArray();
            if (encoded.Columns[column].IsCategorical) columns.AddRange(categories.Select((category, code) => ($"{name}={category}", Array.ConvertAll(values, value => value == code ? 1f : 0f))));
            else columns.Add((name, values));
        }

        var label = table.Header.IndexOf(Label);
        return (new FeatureMatrix([.. columns.Select(column => new FeatureColumn(column.Name))], table.Rows.Count, [.. columns.SelectMany(column => column.Values)]),
            [.. Enumerable.Range(0, table.Rows.Count).Select(row => TableEncoder.Cell(table, row, label) == Positive ? 1f : 0f)]);
    }

    private static Table WithTimes(Table table, string from, string to)
    {
        var (first, second) = (table.Header.IndexOf(from), table.Header.IndexOf(to));
        return new Table([.. table.Header, "seconds_between", "first_hour", "second_hour"], [.. table.Rows.Select(row =>
        {
            var (start, end) = (Moment(row[first]), Moment(row[second]));
            return (string[])[.. row, Inv((end - start).TotalSeconds), Inv(start.Hour), Inv(end.Hour)];
        })]);
    }

    private static DateTime Moment(string cell) => DateTime.ParseExact(cell, "M/d/yy H:mm", CultureInfo.InvariantCulture);

    private static string Inv(double value) => value.ToString(CultureInfo.InvariantCulture);
}
