using System.Globalization;
using System.Net;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Guards;

/// <summary>The record that a rule was looked at for unequal treatment, to be printed or kept: what it asks for, how groups fare, what was found and why it may go live.</summary>
/// <remarks>Personal Information Protection Law of the PRC, Article 24: automated decisions must be transparent and fair, without unreasonable differences in price or other terms.</remarks>
public sealed class ComplianceReport(PublishingCheck check, CouponRules rules, IDbContextFactory<StudioDb> databases)
{
    private const string LawZh = "《中华人民共和国个人信息保护法》第二十四条：个人信息处理者利用个人信息进行自动化决策，应当保证决策的透明度和结果公平、公正，不得对个人在交易价格等交易条件上实行不合理的差别待遇。";
    private const string LawEn = "Personal Information Protection Law of the PRC, Article 24: whoever uses personal information for automated decisions shall ensure that the decisions are transparent and the results fair and impartial, and shall not treat individuals differently in price or other terms of trade without good reason.";

    private const string Style = "body{font:14px/1.5 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;max-width:860px;margin:32px auto;padding:0 16px;color:#1a1a1a}h1{font-size:20px}h2{font-size:16px;margin-top:28px}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:6px 8px;border-bottom:1px solid #ddd;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}blockquote{margin:0;padding-left:12px;border-left:3px solid #bbb}.q{color:#555}";

    /// <summary>One page of HTML, complete in itself and fit to print.</summary>
    public async Task<Outcome<string>> HtmlAsync(WorkspaceScope scope, Guid ruleId, SentenceStyle style, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(style);
        var read = await ReadAsync(scope, ruleId, cancellationToken).ConfigureAwait(false);
        if (!read.TryGet(out var found, out var problem)) return problem;
        var zh = style.IsChinese;
        var (report, rule, zone) = found;
        var text = new StringBuilder($"<!doctype html><html lang=\"{(zh ? "zh-CN" : "en")}\"><head><meta charset=\"utf-8\"><title>{Html(rule.Name)}</title><style>{Style}</style></head><body>");
        Line("h1", zh ? $"营销规则公平性检查报告：{rule.Name}" : $"Fairness report of the promotion rule '{rule.Name}'");
        Line("p class=\"q\"", zh ? $"检查时间 {At(report.At)}" : $"Checked {At(report.At)}");
        Line("blockquote", zh ? LawZh : LawEn);
        if (rule.Draft is { } draft)
        {
            Line("h2", zh ? "规则条款" : "The rule");
            Line("p", RuleSentence.Of(draft, style).Plain());
        }

        Line("h2", zh ? "检查结果" : "Findings");
        text.Append("<table>");
        foreach (var finding in report.Findings)
        {
            var words = FindingSentence.Of(finding, style);
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Html(Weight(finding, zh))}</td><td>{Html(words.Headline)}<br><span class=\"q\">{Html(words.Detail)}</span>");
            if (finding.Reason is { } reason) text.Append(CultureInfo.InvariantCulture, $"<blockquote>{Html(reason.Text)}<br><span class=\"q\">{Html(reason.By)}, {At(reason.At)}</span></blockquote>");
            text.Append("</td></tr>");
        }

        text.Append("</table>");
        foreach (var fairness in report.Findings.OfType<FairnessFinding>())
        {
            Line("h2", Title(FindingSentence.Dimension(fairness.Dimension, zh)));
            text.Append("<table><tr>").Append(string.Concat(Columns(zh).Select((column, index) => $"<th{(index == 0 ? "" : " class=\"n\"")}>{Html(column)}</th>"))).Append("</tr>");
            foreach (var group in fairness.Groups)
            {
                text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Html(FindingSentence.Group(fairness.Dimension, group.Group, zh))}{(group.Shoppers < FairnessGuard.LeastShoppers ? Html(zh ? "（人数太少，未比较）" : " (too small to compare)") : "")}</td>");
                text.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{group.Shoppers.ToString("N0", style.Culture)}</td><td class=\"n\">{group.Reached.ToString("N0", style.Culture)}</td><td class=\"n\">{Percent(group.ReachShare)}</td><td class=\"n\">{(group.DiscountShare is { } share ? Percent(share) : "–")}</td></tr>");
            }

            text.Append("</table>");
        }

        return text.Append("</body></html>").ToString();

        string At(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        string Percent(double share) => $"{(share * 100).ToString("0.0", style.Culture)}%";
        void Line(string tag, string content) => text.Append(CultureInfo.InvariantCulture, $"<{tag}>{Html(content)}</{tag.Split(' ')[0]}>");
    }

    /// <summary>A row for each group.</summary>
    public async Task<Outcome<Done>> CsvAsync(WorkspaceScope scope, Guid ruleId, SentenceStyle style, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(style);
        var read = await ReadAsync(scope, ruleId, cancellationToken).ConfigureAwait(false);
        if (!read.TryGet(out var found, out var problem)) return problem;
        var zh = style.IsChinese;
        var csv = new CsvExport(target, found.Zone);
        await csv.RowAsync([zh ? "规则" : "rule", zh ? "维度" : "dimension", .. Columns(zh), zh ? "结果" : "result", zh ? "理由" : "reason", zh ? "说明人" : "given by", zh ? "时间" : "given at"], cancellationToken).ConfigureAwait(false);
        foreach (var fairness in found.Report.Findings.OfType<FairnessFinding>())
        {
            foreach (var group in fairness.Groups)
            {
                csv.Text(found.Rule.Name).Text(FindingSentence.Dimension(fairness.Dimension, zh)).Text(FindingSentence.Group(fairness.Dimension, group.Group, zh))
                    .Number(group.Shoppers).Number(group.Reached).Number(group.ReachShare * 100, 1).Number(group.DiscountShare * 100, 1).Text(Weight(fairness, zh))
                    .Text(fairness.Reason?.Text).Text(fairness.Reason?.By).Instant(fairness.Reason?.At);
                await csv.EndRowAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await csv.FlushAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    private static string[] Columns(bool zh) => zh ? ["人群", "人数", "符合条件", "覆盖率（%）", "平均优惠（%）"] : ["group", "shoppers", "reached", "reached (%)", "mean discount (%)"];

    private static string Weight(Finding finding, bool zh) => finding.Weight switch
    {
        FindingWeight.Fine => zh ? "通过" : "fine",
        FindingWeight.Warns => zh ? "提醒" : "attention",
        FindingWeight.NeedsJustification when finding.Reason is not null => zh ? "已说明理由" : "justified",
        FindingWeight.NeedsJustification => zh ? "需要说明理由" : "needs a reason",
        _ => zh ? "不能上线" : "blocks",
    };

    private static string Title(string text) => char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..];

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private async Task<Outcome<(PublishingReport Report, RuleView Rule, TimeZoneInfo Zone)>> ReadAsync(WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var checkedRule = await check.CheckAsync(scope, ruleId, cancellationToken).ConfigureAwait(false);
        if (!checkedRule.TryGet(out var report, out var problem)) return problem;
        var view = await rules.FindAsync(scope, ruleId, cancellationToken).ConfigureAwait(false);
        if (!view.TryGet(out var rule, out problem)) return problem;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var zone = await database.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false);
        return (report, rule, TimeZoneInfo.FindSystemTimeZoneById(zone));
    }
}
