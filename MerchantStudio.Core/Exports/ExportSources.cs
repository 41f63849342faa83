using System.Collections.Immutable;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Exports;

/// <summary>Where each export's rows come from. The parameters are: import, segment, from, to; each may be null.</summary>
internal static class ExportSources
{
    private static readonly ExportSource Rejects = new(
        "rejects r where ($1 is null or r.import_id = $1) order by r.import_id, r.source_line",
        ["rejects"],
        [
            new("import", "r.import_id", CellKind.Whole), new("line", "r.source_line", CellKind.Whole), new("column", "r.column_name", CellKind.Text),
            new("value", "r.value", CellKind.Text), new("reason", "r.reason", CellKind.Text), new("reason_code", "r.reason_code", CellKind.Text),
        ]);

    private static readonly ExportSource Segments = new(
        "rfm r left join clusters c on c.user_id = r.user_id where ($1 is null or r.group_key = $1) order by r.user_id",
        ["rfm", "clusters"],
        [
            new("user_id", "r.user_id", CellKind.Text), new("group", "r.group_key", CellKind.Text), new("group8", "r.group8_key", CellKind.Text),
            new("recency_days", "r.recency_days", CellKind.Number, 1), new("frequency", "r.frequency", CellKind.Whole), new("monetary", "r.monetary", CellKind.Number, 2),
            new("r", "r.r", CellKind.Whole), new("f", "r.f", CellKind.Whole), new("m", "r.m", CellKind.Whole), new("cluster", "c.cluster", CellKind.Whole),
        ]);

    private static readonly ExportSource Scores = new(
        "intent_scores s order by s.horizon_days, s.user_id",
        ["intent_scores"],
        [
            new("user_id", "s.user_id", CellKind.Text), new("horizon_days", "s.horizon_days", CellKind.Whole), new("probability", "s.probability", CellKind.Number, 4),
            new("low", "s.low", CellKind.Number, 4), new("high", "s.high", CellKind.Number, 4), new("reasons", "s.reasons", CellKind.Text),
        ]);

    private static readonly ImmutableArray<ExportColumn> ReviewColumns =
    [
        new("review_id", "v.review_id", CellKind.Text), new("user_id", "v.user_id", CellKind.Text), new("item_id", "v.item_id", CellKind.Text), new("category", "v.category", CellKind.Text),
        new("time", "v.ts", CellKind.Instant), new("rating", "v.rating", CellKind.Number, 1), new("label", "v.label", CellKind.Text), new("title", "v.title", CellKind.Text),
        new("text", "v.text", CellKind.Text),
    ];

    private const string ReviewPeriod = "where ($1 is null or v.ts >= $1) and ($2 is null or v.ts < $2) order by v.import_id, v.source_line";

    private static readonly ExportSource ScoredReviews = new(
        $"reviews v left join review_scores s on s.import_id = v.import_id and s.source_line = v.source_line {ReviewPeriod}",
        ["reviews"],
        [
            .. ReviewColumns, new("language", "s.language", CellKind.Text), new("sentiment", "s.sentiment", CellKind.Text), new("score", "s.score", CellKind.Number, 3),
            new("p_negative", "s.p_negative", CellKind.Number, 4), new("p_neutral", "s.p_neutral", CellKind.Number, 4), new("p_positive", "s.p_positive", CellKind.Number, 4),
        ]);

    public static async Task<ExportSource> FindAsync(ExportQuestion question, WorkspaceWarehouse warehouse, CancellationToken cancellationToken) => question.What switch
    {
        ExportWhat.Rejects => Rejects,
        ExportWhat.Segments => Segments,
        ExportWhat.Scores => Scores,
        ExportWhat.Reviews => await warehouse.HasTableAsync("review_scores", cancellationToken).ConfigureAwait(false)
            ? ScoredReviews
            : new ExportSource($"reviews v {ReviewPeriod}", ["reviews"], ReviewColumns),
        ExportWhat.FeatureTable => await FeatureTableAsync(question.Table ?? 0, warehouse, cancellationToken).ConfigureAwait(false),
        ExportWhat.Features => await FeaturesAsync(warehouse, cancellationToken).ConfigureAwait(false),
        _ => DatasetSources.Of(question.What),
    };

    /// <summary>A feature table as it was imported.</summary>
    private static async Task<ExportSource> FeatureTableAsync(int number, WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        var table = FormattableString.Invariant($"feature_rows_{number}");
        var columns = await warehouse.QueryAsync(
            "select column_name, data_type = 'DOUBLE' from information_schema.columns where table_name = $1 and column_name not in ('import_id', 'source_line') order by ordinal_position",
            row => new ExportColumn(row.Text(0)!, $"f.{Sql.Identifier(row.Text(0)!)}", row.Boolean(1) ? CellKind.Number : CellKind.Text, 4), [table], cancellationToken).ConfigureAwait(false);
        return new ExportSource($"{table} f order by f.import_id, f.source_line", [table], columns);
    }

    /// <summary>One column a feature, as the last run published them.</summary>
    private static async Task<ExportSource> FeaturesAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        var names = await warehouse.QueryAsync(
            "select column_name from information_schema.columns where table_name = 'user_features' order by ordinal_position", row => row.Text(0)!, [], cancellationToken).ConfigureAwait(false);
        var columns = names.Select(name => new ExportColumn(name, $"f.{Sql.Identifier(name)}", name == "user_id" ? CellKind.Text : CellKind.Number, 4));
        return new ExportSource("user_features f order by f.user_id", ["user_features"], [.. columns]);
    }
}
