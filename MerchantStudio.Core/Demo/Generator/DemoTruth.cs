using System.Collections.Immutable;

namespace MerchantStudio.Core.Demo.Generator;

internal sealed record PlantedCount(string Key, int Count);

/// <param name="Effect">"raises", "lowers" or "none".</param>
internal sealed record PlantedDriver(string Key, string Effect, string Why);

internal sealed record PlantedElasticity(string Category, double Elasticity);

/// <param name="FirstDay">Days after the first day of the shop.</param>
internal sealed record PlantedPromo(string Code, int Percent, int FirstDay, int LastDay);

/// <summary>truth.json: what was planted in the shop.</summary>
/// <param name="StarTextConflicts">Reviews whose stars say another class than their text.</param>
/// <param name="Drivers">What truly moves the chance of an order.</param>
/// <param name="Decoys">What only looks as if it did.</param>
internal sealed record DemoTruth(
    int Seed, string FirstDay, string LastDay, ImmutableArray<PlantedCount> Rows, ImmutableArray<PlantedCount> Kinds, ImmutableArray<PlantedCount> Sentiments,
    int StarTextConflicts, ImmutableArray<PlantedDriver> Drivers, ImmutableArray<PlantedDriver> Decoys,
    ImmutableArray<PlantedElasticity> PriceEffects, ImmutableArray<PlantedPromo> Promos, ImmutableArray<PlantedCount> BadRows);
