using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Evaluation.Sequences;

/// <summary>What to learn from a log of events and how to judge it.</summary>
/// <param name="Shopper">The column that says whose event it is.</param>
/// <param name="Time">The column of when: a date, or seconds.</param>
/// <param name="Event">The column of which kind it is.</param>
/// <param name="Target">The kind that a session is hoped to end in.</param>
/// <param name="Gap">So long without an event ends a session.</param>
/// <param name="Seen">Events of a session that are known when it is asked whether the target will come.</param>
/// <param name="Epochs">That a network learns for.</param>
public sealed record SequenceQuestion(string Shopper, string Time, string Event, string Target, TimeSpan Gap, int Seen = 3, int Epochs = 20);

/// <summary>How well the kind of the next event is told.</summary>
/// <param name="MacroRecall">Mean over kinds of how many of their events were told: one in as many as there are kinds for who always says the same.</param>
public sealed record NextKindReport(string Model, int Rows, double Accuracy, double MacroRecall, double LogLoss);

/// <param name="Sessions">All of them; those asked about are the models' rows.</param>
/// <param name="Kinds">Of events, by name.</param>
/// <param name="TargetShare">Of the training sessions that are asked about.</param>
/// <param name="Outcome">Whether the target comes later in the session; majority first, then the rule of thumb.</param>
/// <param name="Next">The kind of a session's last event from those before; majority first.</param>
public sealed record SequenceReport(int Events, int Sessions, ImmutableArray<string> Kinds, double TargetShare, ImmutableArray<BinaryReport> Outcome, ImmutableArray<NextKindReport> Next);
