using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Uplift;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Learning;

namespace MerchantStudio.Tests.Experiments;

/// <summary>An e-mail experiment of 64,000 people in three arms: K. Hillstrom, The MineThatData e-mail analytics and data mining challenge, 2008.</summary>
internal sealed class HillstromFile
{
    public const string NoMail = "No E-Mail";

    private static readonly string[] Numbers = ["recency", "history", "mens", "womens", "newbie"];
    private static readonly string[] Categories = ["zip_code", "channel"];

    private readonly Dictionary<string, int> _columns = [];
    private readonly List<string[]> _rows = [];

    public HillstromFile()
    {
        using var file = DelimitedFile.Open(PublicData.Find("hillstrom-email/hillstrom.csv.gz"), new FileReading()).Value;
        for (var column = 0; column < file.Columns.Length; column++) _columns[file.Columns[column]] = column;
        while (file.Read()) _rows.Add([.. file.Columns.Select((_, column) => file.Text(column))]);
    }

    public int Rows => _rows.Count;

    public Sums Sums(string arm, string outcome) => _rows.Where(row => row[_columns["segment"]] == arm).Aggregate(default(Sums), (sums, row) => sums.Add(Number(row, outcome)));

    /// <summary>The people of one arm and of none, visits as the outcome, parted into halves by the record's number.</summary>
    public (UpliftTable Learn, UpliftTable Test) Halves(string arm)
    {
        var used = Enumerable.Range(0, _rows.Count).Where(row => _rows[row][_columns["segment"]] == arm || _rows[row][_columns["segment"]] == NoMail)
            .ToLookup(row => Assignment.Position("hillstrom", row.ToString(CultureInfo.InvariantCulture)) < 0.5);
        return (Table(arm, [.. used[false]]), Table(arm, [.. used[true]]));
    }

    private UpliftTable Table(string arm, int[] rows)
    {
        var values = new List<float>();
        foreach (var name in Numbers) values.AddRange(rows.Select(row => (float)Number(_rows[row], name)));
        var columns = Numbers.Select(name => new FeatureColumn(name)).ToList();
        foreach (var name in Categories)
        {
            var names = _rows.Select(row => row[_columns[name]]).Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
            columns.Add(new FeatureColumn(name, names));
            values.AddRange(rows.Select(row => (float)names.IndexOf(_rows[row][_columns[name]])));
        }

        return new UpliftTable(
            new FeatureMatrix([.. columns], rows.Length, [.. values]),
            Array.ConvertAll(rows, row => _rows[row][_columns["segment"]] == arm),
            Array.ConvertAll(rows, row => (float)Number(_rows[row], "visit")),
            Propensity: 0.5);
    }

    private double Number(string[] row, string column) => double.Parse(row[_columns[column]], CultureInfo.InvariantCulture);
}
