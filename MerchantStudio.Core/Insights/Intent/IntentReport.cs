using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Insights.Intent;

/// <param name="From">The first cutoff; label windows begin here.</param>
/// <param name="To">End of the last label window, not included.</param>
/// <param name="Shoppers">A shopper counts once for each cutoff at which she had been seen.</param>
public sealed record IntentWindowReport(DateTimeOffset From, DateTimeOffset To, int Shoppers, int Buyers);

/// <param name="Validation">On the rows that chose and stopped it: a little too kind.</param>
/// <param name="Test">On the rows opened once, calibrated.</param>
/// <param name="Curve">Log-loss by round of the setting that was kept, thinned.</param>
public sealed record IntentModelReport(string Family, BinaryReport Validation, BinaryReport Test, double TrainingSeconds, ImmutableArray<LearningStep> Curve);

/// <param name="Feature">Key in the feature catalogue.</param>
/// <param name="Cut">At or above it (or at or below it) the rule says "will buy".</param>
public sealed record IntentRule(string Feature, bool AtLeast, double Cut, BinaryReport Test, Confusion Counts, ImmutableArray<PrecisionRecallPoint> PrecisionRecall);

/// <param name="LogLossGain">How much the validation log-loss rises when the feature's values are shuffled; at or below 0 it does not help.</param>
/// <param name="Interval">Where it lies with 90 %; null in reports of earlier versions of the program.</param>
public sealed record IntentImportance(string Feature, double LogLossGain, Interval? Interval = null)
{
    /// <summary>Whether it helps for sure: even the low end is above 0.</summary>
    public bool Helps => Interval is { } interval ? interval.Low > 0 : LogLossGain > 0;
}

/// <summary>What moves the chances of the shoppers scored now.</summary>
/// <param name="MeanPoints">Mean of the absolute change of chance in percentage points.</param>
/// <param name="Rises">Whether more of the feature goes with a higher chance.</param>
public sealed record IntentDriver(string Feature, double MeanPoints, bool Rises);

/// <summary>All that the intent page says about one horizon; kept with the run.</summary>
/// <param name="Published">Family with the lower validation log-loss.</param>
/// <param name="Thresholds">Counts on the test window at rising thresholds on the calibrated chance.</param>
/// <param name="CalibrationError">Mean distance of said and observed share over the calibration bins.</param>
/// <param name="ScoredShoppers">0 until the score stage.</param>
/// <param name="ExpectedBuyers">Sum of the chances of the shoppers scored.</param>
public sealed record IntentReport(
    int HorizonDays, string Published, int Seed, string CalibrationMethod,
    IntentWindowReport Training, IntentWindowReport Validation, IntentWindowReport Test,
    ImmutableArray<IntentModelReport> Models, BinaryReport Majority, IntentRule? Rule,
    ImmutableArray<PrecisionRecallPoint> PrecisionRecall, ImmutableArray<LiftDecile> Lift, ImmutableArray<CalibrationBin> Calibration, double CalibrationError,
    ImmutableArray<Confusion> Thresholds, ImmutableArray<IntentImportance> Importance,
    ImmutableArray<IntentDriver> Drivers, int ScoredShoppers = 0, double ExpectedBuyers = 0)
{
    /// <summary>The published model's own figures.</summary>
    public IntentModelReport Best => Models.First(model => model.Family == Published);
}
