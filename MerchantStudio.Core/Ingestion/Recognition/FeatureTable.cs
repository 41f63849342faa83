using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>Tells a table for learning, features and then a label, from the shop's own files, and finds its label.</summary>
internal static class FeatureTable
{
    private const int FewValues = 10;
    private const double Guess = 0.5;

    private static readonly ImmutableHashSet<string> LabelNames =
        [.. "label,target,class,y,outcome,churn,churned,purchased,purchase,converted,conversion,bought,revenue,fraud,is_fraud,isfraud,response,species,will_buy,标签,目标,类别,是否购买,是否流失,流失,是否转化".Split(',').Select(Roles.Normalise)];

    private static readonly ImmutableHashSet<string> IdNames = [.. "id,row_id,index,user_id,customer_id,customerid,shopper_id,client_id,用户id,客户id,编号".Split(',').Select(Roles.Normalise)];

    /// <summary>Whether the columns are rather features: hardly any of them means something to a shop, most are numbers, and one is named like a label.</summary>
    public static bool IsLikelier(Recognition other, FileShape shape, ValueEvidence[] evidence)
    {
        if (shape.Columns.Length < 4 || LabelByName(shape) < 0) return false;
        var explained = other.Suggestions.Count(suggestion => suggestion.Confidence >= Recognizer.Sure && suggestion.Role != ColumnRole.Ignore);
        return explained * 2 < shape.Columns.Length && evidence.Count(column => column.IsNumeric) * 2 >= shape.Columns.Length;
    }

    public static Recognition Recognise(FileShape shape, ValueEvidence[] evidence)
    {
        var named = LabelByName(shape);
        var label = named >= 0 ? named : LabelByShape(evidence);
        var id = Array.FindIndex([.. shape.Columns], name => IdNames.Contains(Roles.Normalise(name)));
        var suggestions = shape.Columns.Select((name, column) => column == label
            ? new ColumnSuggestion(column, name, ColumnRole.Label, named >= 0 ? 0.9 : Guess, evidence[column].Samples, named >= 0 ? SuggestionReason.Name : SuggestionReason.Values)
            : new ColumnSuggestion(column, name, column == id ? ColumnRole.UserId : ColumnRole.Feature, column == id ? 0.8 : 0.95, evidence[column].Samples, SuggestionReason.Values)).ToImmutableArray();
        var mapping = Recognizer.Mapping(DatasetKind.Features, shape, suggestions, evidence, out _) with { Labels = ReviewLabels.None, DateOrder = null };
        return new Recognition(DatasetKind.Features, null, named >= 0 ? 0.9 : Guess, suggestions, mapping, AsksDateOrder: false);
    }

    private static int LabelByName(FileShape shape) => Array.FindLastIndex([.. shape.Columns], name => LabelNames.Contains(Roles.Normalise(name)));

    /// <summary>The last column with few different values: the label usually comes last.</summary>
    private static int LabelByShape(ValueEvidence[] evidence) => Array.FindLastIndex(evidence, column => column.Distinct().Take(FewValues + 1).Count() is > 1 and <= FewValues);
}
