using System.Globalization;
using MerchantStudio.Benchmarks;

// MerchantStudio.Benchmarks features [ROWS] — results go to docs/benchmarks.
var rows = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0;
switch (args.FirstOrDefault())
{
    case "features":
        await FeatureBenchmark.RunAsync(rows > 0 ? rows : 10_000_000);
        return 0;
    default:
        Console.Error.WriteLine("Name a benchmark: features [ROWS].");
        return 1;
}
