using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Onnx.Brought;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.Brought;

/// <summary>Chances by a version of an intent question, whether the studio trained it or the merchant brought it.</summary>
internal sealed class ModelScoring(ModelStore store, BroughtRunner runner)
{
    /// <summary>Chances with band, and for models of the studio with reasons.</summary>
    public async Task<Outcome<ImmutableArray<IntentScore>>> ScoreAsync(ModelVersion version, FeatureMatrix x, CancellationToken cancellationToken)
    {
        if (version.Family != BroughtModel.Family)
        {
            if (!(await LoadAsync(version, IntentModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var model, out var gone)) return gone;
            return Score(version, () => model.Score(x, cancellationToken).Scores);
        }

        if (!(await LoadAsync(version, BroughtModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var brought, out var problem)) return problem;
        if (!(await RawAsync(version, brought, x, cancellationToken).ConfigureAwait(false)).TryGet(out var raw, out problem)) return problem;
        return ImmutableArray.CreateRange(raw.Select(brought.Scale.Score));
    }

    public async Task<Outcome<float[]>> ProbabilitiesAsync(ModelVersion version, FeatureMatrix x, CancellationToken cancellationToken)
    {
        if (version.Family != BroughtModel.Family)
        {
            if (!(await LoadAsync(version, IntentModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var model, out var gone)) return gone;
            return Score(version, () => model.Probabilities(x));
        }

        if (!(await LoadAsync(version, BroughtModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var brought, out var problem)) return problem;
        if (!(await RawAsync(version, brought, x, cancellationToken).ConfigureAwait(false)).TryGet(out var raw, out problem)) return problem;
        return brought.Scale.Calibrator.Apply(raw);
    }

    /// <param name="read">Reads the model from its file.</param>
    public async Task<Outcome<T>> LoadAsync<T>(ModelVersion version, Func<Stream, T> read, CancellationToken cancellationToken)
    {
        if (!store.Holds(version.FileHash)) return new ModelFileGone(version.Task, version.Number);
        try
        {
            var file = await store.OpenAsync(version.FileHash, cancellationToken).ConfigureAwait(false);
            await using var _ = file.ConfigureAwait(false);
            return read(file);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            return new ModelFileGone(version.Task, version.Number);
        }
    }

    private async Task<Outcome<float[]>> RawAsync(ModelVersion version, BroughtModel brought, FeatureMatrix x, CancellationToken cancellationToken) =>
        brought.Mapping.Features.All(feature => x.Columns.Any(column => column.Name == feature))
            ? await runner.RunAsync(brought.File, brought.Graph, brought.Mapping, x, cancellationToken).ConfigureAwait(false)
            : new ModelInputsChanged(version.Task, version.Number);

    private static Outcome<T> Score<T>(ModelVersion version, Func<T> score)
    {
        try
        {
            return score();
        }
        catch (ArgumentException)
        {
            return new ModelInputsChanged(version.Task, version.Number);   // an older model on features that have changed since
        }
    }
}
