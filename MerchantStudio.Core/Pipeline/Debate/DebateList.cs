using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;

namespace MerchantStudio.Core.Pipeline.Debate;

/// <summary>By what disagreement is measured.</summary>
public enum DebateOrder
{
    /// <summary>Highest less lowest chance.</summary>
    Chance,

    /// <summary>Highest less lowest place among all shoppers: finds disputes among those with small chances too.</summary>
    Place,
}

/// <summary>The shoppers on whom the models of a training disagree most.</summary>
/// <param name="Moment">What is known of them ends here; the question is about the days from here on.</param>
/// <param name="Training">The training's job.</param>
/// <param name="TrainedAt">When it was asked for.</param>
/// <param name="Shoppers">All that were scored.</param>
/// <param name="Cases">Those on whom the models say opposite things first, among them the most disputed first; without those labelled already.</param>
public sealed record DebateList(int HorizonDays, DateTimeOffset Moment, Guid Training, DateTimeOffset TrainedAt, int Shoppers, ImmutableArray<DebateCase> Cases);

/// <param name="Facts">What the shopper did, in the order of the catalogue's importance for a reader; no points.</param>
/// <param name="Views">In the order of the leaderboard.</param>
public sealed record DebateCase(string ShopperId, double ChanceSpread, double PlaceSpread, ImmutableArray<IntentReason> Facts, ImmutableArray<DebateView> Views)
{
    /// <summary>Whether one model says that she will buy and another that she will not.</summary>
    public bool IsDivided => Views.Any(view => view is { TellsApart: true, SaysBuys: true }) && Views.Any(view => view is { TellsApart: true, SaysBuys: false });
}

/// <summary>What one model says of a shopper.</summary>
/// <param name="Number">Of the version.</param>
/// <param name="Chance">Calibrated.</param>
/// <param name="Low">Lower end of the chance's 80 % band.</param>
/// <param name="High">Upper end.</param>
/// <param name="Threshold">From here on it says "will buy".</param>
/// <param name="Place">Among all shoppers by this chance.</param>
/// <param name="TellsApart">False when it gives everybody the same chance; then it takes no part in the dispute.</param>
/// <param name="Reasons">Strongest first.</param>
public sealed record DebateView(string Family, int Number, double Chance, double Low, double High, double Threshold, SharedPlace Place, bool TellsApart, ImmutableArray<IntentReason> Reasons)
{
    public bool SaysBuys => Chance >= Threshold;
}

/// <summary>A model's word at the time a label was given.</summary>
public sealed record LabelView(string Family, int Number, double Chance, bool SaysBuys);

/// <param name="Outcome">Whether she bought; null while that is open.</param>
/// <param name="MayUndo">Whether the reader may take it back.</param>
public sealed record GivenLabel(Guid Id, string ShopperId, int HorizonDays, DateTimeOffset Moment, LabelAnswer Answer, string? Note, string GivenBy, DateTimeOffset GivenAt, ImmutableArray<LabelView> Views, bool? Outcome, bool MayUndo)
{
    /// <summary>Whether the next training learns from it.</summary>
    public bool Teaches => Outcome is null && Answer != LabelAnswer.CannotSay;
}

/// <summary>How often somebody's word came true, over labels whose outcome is known.</summary>
/// <param name="Family">Null for people.</param>
public sealed record ForetellingRecord(string? Family, int Right, int Judged);

/// <summary>The labels of a question, newest first.</summary>
/// <param name="Records">People first, then each family; empty while no outcome is known.</param>
public sealed record LabelBook(ImmutableArray<GivenLabel> Labels, ImmutableArray<ForetellingRecord> Records)
{
    /// <summary>How many training rows an answer counts as: more than one, because it is about a shopper whom the rows alone do not decide; few enough that a handful of wrong answers is outvoted.</summary>
    public const int CountsAs = 3;

    /// <summary>Labels from which the next training learns.</summary>
    public int Teaching => Labels.Count(label => label.Teaches);
}

/// <summary>Where a shopper stands by chance.</summary>
/// <param name="First">1 for the highest chance; the first of the places that equal chances share.</param>
/// <param name="Sharing">How many have this same chance, herself included.</param>
public readonly record struct SharedPlace(int First, int Sharing)
{
    public int Last => First + Sharing - 1;

    internal double Middle => (First + Last) / 2.0;
}
