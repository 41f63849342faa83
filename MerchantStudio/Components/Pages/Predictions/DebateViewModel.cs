using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Features.Horizons;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Debate;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Shoppers on whom models disagree, and what people said of them.</summary>
public sealed class DebateViewModel(Trainings trainings, ModelDebates debates, ShopperLabels labels)
{
    private const int UsualHorizon = 7;
    private const int Drawn = 12;

    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    /// <summary>Why the last wish was not granted.</summary>
    public Problem? Refused { get; private set; }

    /// <summary>Those with a training of at least two kinds of models.</summary>
    public ImmutableArray<int> Horizons { get; private set; } = [];

    public DebateList? List { get; private set; }

    public LabelBook? Book { get; private set; }

    public async Task ShowAsync(WorkspaceScope scope, int? horizonDays, DebateOrder order, CancellationToken cancellationToken)
    {
        var horizons = ImmutableArray.CreateBuilder<int>();
        foreach (var days in HorizonPlanner.Horizons)
        {
            if (!(await trainings.NewestAsync(scope, days, cancellationToken)).TryGet(out var newest, out var refusal))
            {
                (State, Problem) = (PageState.Problem, refusal);
                return;
            }

            if (newest is { Report.Versions.Length: > 1 }) horizons.Add(days);
        }

        Horizons = horizons.ToImmutable();
        if (Horizons.IsEmpty)
        {
            State = PageState.Empty;
            return;
        }

        var horizon = horizonDays is { } wanted && Horizons.Contains(wanted) ? wanted : Horizons.Contains(UsualHorizon) ? UsualHorizon : Horizons[0];
        var listed = await debates.ListAsync(scope, horizon, order, Drawn, cancellationToken);
        List = listed.TryGet(out var list, out var problem) ? list : null;
        if (problem is null) await ReadBookAsync(scope, horizon, cancellationToken);
        (State, Problem) = (problem is null ? PageState.Ready : PageState.Problem, problem);
    }

    /// <summary>Keeps the answer and lets the next case move up.</summary>
    public async Task GiveAsync(WorkspaceScope scope, DebateCase about, LabelAnswer answer, string? note, DebateOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(about);
        if (List is not { } list) return;
        var given = await labels.GiveAsync(scope, list.HorizonDays, list.Moment, about.ShopperId, answer, note, cancellationToken);
        Refused = given.Problem;
        if (given.Succeeded) await ShowAsync(scope, list.HorizonDays, order, cancellationToken);
    }

    public async Task UndoAsync(WorkspaceScope scope, GivenLabel label, DebateOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(label);
        Refused = (await labels.UndoAsync(scope, label.Id, cancellationToken)).Problem;
        await ShowAsync(scope, label.HorizonDays, order, cancellationToken);
    }

    private async Task ReadBookAsync(WorkspaceScope scope, int horizonDays, CancellationToken cancellationToken)
    {
        if ((await labels.BookAsync(scope, horizonDays, cancellationToken)).TryGet(out var book, out var problem)) Book = book;
        else Refused = problem;
    }
}
