using System.Collections.Concurrent;
using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>Writes shoppers down in the experiments that a shop acts on with a decision, once each; who was written down since the start is remembered.</summary>
internal sealed class ActedOn(Enrolment enrolment)
{
    private const int MostRemembered = 200_000;
    private readonly ConcurrentDictionary<(Guid Experiment, string Shopper), bool> _written = new();

    /// <returns>Null when she is written down in all of them.</returns>
    public async Task<Problem?> EnrollAsync(WorkspaceScope scope, LiveOffers offers, string shopper, ImmutableArray<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            if (offers.Experiments.FirstOrDefault(experiment => experiment.Key == key) is not { } running) return new DecisionExperimentUnknown(key is { Length: <= 60 } ? key : "");
            if (_written.ContainsKey((running.Id, shopper))) continue;
            if ((await enrolment.EnrollAsync(scope, running.Id, [shopper], cancellationToken).ConfigureAwait(false)).Problem is { } problem) return problem;
            if (_written.Count >= MostRemembered) _written.Clear();
            _written[(running.Id, shopper)] = true;
        }

        return null;
    }
}
