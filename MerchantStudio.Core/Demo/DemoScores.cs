using System.Collections.Immutable;

namespace MerchantStudio.Core.Demo;

/// <summary>How closely the last published run recovered what was planted in the demo shop.</summary>
/// <param name="ShiftDays">Days that the demo's times were moved by when it was loaded.</param>
public sealed record DemoScores(
    int ShiftDays, ImmutableArray<IntentScore> Intent, DriverScore? Drivers, GroupingScore? Clusters, GroupingScore? RfmGroups, SentimentScore? Sentiment,
    ImmutableArray<BadRowScore> BadRows, ImmutableArray<PlantedPrice> Prices);

/// <summary>One horizon, judged on the thirty days that were played but never loaded.</summary>
/// <param name="Shoppers">With a score and a known truth.</param>
/// <param name="Buyers">Of these, ordered within the horizon.</param>
/// <param name="Auroc">Of the published probabilities; NaN without buyers.</param>
/// <param name="BestAuroc">Of the exact chances, for somebody who could read each shopper's mind.</param>
/// <param name="ExpectedByModel">Sum of the published probabilities.</param>
/// <param name="ExpectedByTruth">Sum of the exact chances.</param>
/// <param name="TopBuyers">Buyers among the hundred highest probabilities.</param>
/// <param name="BestTopBuyers">Buyers among the hundred highest exact chances.</param>
/// <param name="Unforeseeable">Buyers whose exact chance was below the average of all: nobody could have told.</param>
public sealed record IntentScore(
    int HorizonDays, int Shoppers, int Buyers, double Auroc, double BestAuroc, double ExpectedByModel, double ExpectedByTruth,
    int TopBuyers, int BestTopBuyers, int Unforeseeable, ImmutableArray<IntentMiss> Misses);

/// <param name="Bought">False: ranked high and did not buy.</param>
public sealed record IntentMiss(string UserId, string Kind, string Mind, double Probability, double Chance, bool Bought);

/// <param name="Named">The features that the published reasons lean on most, heaviest first.</param>
public sealed record DriverScore(ImmutableArray<NamedDriver> Named, ImmutableArray<PlantedDriverFound> Planted, ImmutableArray<PlantedDriverFound> Decoys);

/// <param name="Share">Of all points in the published reasons, 0 to 1.</param>
public sealed record NamedDriver(string Feature, double Share);

/// <param name="Found">For a driver: among the reasons with a share of two percent or more. For a decoy: likewise, which is a miss.</param>
public sealed record PlantedDriverFound(string Key, string Effect, bool Found, double Share);

/// <param name="AdjustedRand">1 the same groups, about 0 chance.</param>
/// <param name="BestMatch">Share of shoppers that stand in a group named after their own kind.</param>
/// <param name="Baseline">That share if all were put into one group.</param>
public sealed record GroupingScore(int Groups, int Shoppers, double AdjustedRand, double BestMatch, double Baseline, ImmutableArray<GroupMatch> Matches);

/// <param name="Accuracy">Of the published sentiment against what the text was written to say.</param>
/// <param name="StarsAccuracy">Of the stars alone, by the usual bounds.</param>
/// <param name="OnConflicts">Of the published sentiment where the stars say another class than the text.</param>
public sealed record SentimentScore(
    int Reviews, double Accuracy, double MacroF1, double StarsAccuracy, int Conflicts, double OnConflicts, ImmutableArray<ClassScore> Classes, ImmutableArray<LanguageScore> Languages,
    ImmutableArray<SentimentMiss> Misses);

public sealed record ClassScore(string Sentiment, int Reviews, double Precision, double Recall);

public sealed record LanguageScore(string Language, int Reviews, double Accuracy);

public sealed record SentimentMiss(string Text, string True, string Found, int Stars);

/// <param name="SetAside">Rows that the import rejected; null when rows of this sort are let in and left to cleaning.</param>
public sealed record BadRowScore(string Key, int Planted, long? SetAside);

public sealed record PlantedPrice(string Category, double Elasticity);
