using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables.Targets;

/// <summary>What to learn from a table beside yes or no, and how to judge it.</summary>
/// <param name="Target">Classes (<see cref="TreesObjective.Softmax"/>), a number, a count, or grades by which rows of a query are put in order.</param>
/// <param name="Query">The column that says which rows are ordered among each other; for ranking alone.</param>
/// <param name="Ids">Columns that name a row and must not be learnt from.</param>
/// <param name="Models">Of "linear", "trees" and "mlp"; empty for all.</param>
/// <param name="IsBalanced">Whether each class counts as much as any other when a model is fitted; for classes alone.</param>
public sealed record TargetQuestion(TreesObjective Target, string Label, string? Query, ImmutableArray<string> Ids, TableSplit Split, ImmutableArray<string> Models, bool IsBalanced);

/// <param name="Name">"accuracy", "rmse" and so on.</param>
public sealed record TargetMetric(string Name, double Value);

/// <param name="Model">The family; "majority", "mean" or "file order" for what needs no model.</param>
/// <param name="Chosen">The settings, in words.</param>
/// <param name="Fitted">Null for what needs no model.</param>
/// <param name="Notes">What to know before trusting it.</param>
public sealed record TargetModelReport(string Model, string Chosen, ImmutableArray<TargetMetric> Metrics, double TrainingSeconds, double ScoringSeconds, ITargetModel? Fitted, ImmutableArray<Problem> Notes);

/// <param name="Classes">In the order of their names; empty unless classes are told.</param>
/// <param name="LeftOut">Columns not learnt from, each with the reason.</param>
public sealed record TargetReport(
    string Label, TreesObjective Target, ImmutableArray<string> Classes, string Split, string SplitCheck, int Rows, int TrainingRows, int ValidationRows, int TestRows,
    ImmutableArray<string> LeftOut, ImmutableArray<TargetModelReport> Models);
