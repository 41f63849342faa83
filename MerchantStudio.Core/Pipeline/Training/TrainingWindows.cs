using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Features.Horizons;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>Builds the windows that a horizon is learnt from out of the published events, the way a run does. Nothing that it builds is ever committed.</summary>
internal static class TrainingWindows
{
    /// <param name="asOf">The moment of the published run.</param>
    /// <returns>The horizon's windows with their counts, or what is missing for it.</returns>
    public static async Task<Outcome<HorizonPlan>> PlanAsync(WarehouseSession session, int days, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var plans = await HorizonPlanner.PlanAsync(session, IntentWindows.PublishedEvents, asOf, cancellationToken).ConfigureAwait(false);
        if (plans.FirstOrDefault(plan => plan.Days == days) is not { } plan) return new HorizonUnknown(days);
        return plan.Missing is { } missing ? missing : plan;
    }

    /// <param name="built">Hears how many rows each window's table has.</param>
    public static async Task<IntentQuestion> ReadAsync(WarehouseSession session, PlannedHorizon plan, string timeZone, int seed, Action<long> built, CancellationToken cancellationToken)
    {
        await IntentWindows.BuildAsync(session, plan, timeZone, IntentWindows.PublishedEvents, built, cancellationToken).ConfigureAwait(false);
        return await IntentWindows.ReadAsync(session, plan, seed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>SHA-256 over the very numbers of the three windows: with the same hash, the same rows in the same order.</summary>
    public static string HashOf(IntentQuestion question)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var window in (IntentWindow[])[question.Training, question.Validation, question.Test])
        {
            foreach (var column in window.X.Columns) hash.AppendData(Encoding.UTF8.GetBytes(column.Name + "\n"));
            for (var column = 0; column < window.X.Columns.Length; column++) hash.AppendData(MemoryMarshal.AsBytes(window.X.Column(column)));
            hash.AppendData(MemoryMarshal.AsBytes(window.Y.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The question with so many of its training rows, drawn by its seed.</summary>
    public static IntentQuestion Thinned(IntentQuestion question, int rows)
    {
        var all = question.Training.Y.Length;
        return Only(question, new SeededRandom((ulong)question.Seed).Sample(all, Math.Min(rows, all)));
    }

    /// <summary>The question with these of its training rows.</summary>
    public static IntentQuestion Only(IntentQuestion question, int[] rows) =>
        rows.Length == question.Training.Y.Length ? question : question with { Training = question.Training with { X = question.Training.X.Take(rows), Y = [.. rows.Select(row => question.Training.Y[row])] } };
}
