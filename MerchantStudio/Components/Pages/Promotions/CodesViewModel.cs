using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>Codes given out, of one rule or all, and their files.</summary>
public sealed class CodesViewModel(CouponCodes codes, CodeBatches batches, CouponRules rules, CodeExports exports, CodeSheets sheets, Texts texts)
{
    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }

    /// <summary>Why no file was written.</summary>
    public Problem? Refusal { get; private set; }
    public CodeList? List { get; private set; }
    public ImmutableArray<RuleView> AllRules { get; private set; } = [];
    public ImmutableArray<CodeBatch> Batches { get; private set; } = [];

    /// <summary>Those with codes.</summary>
    public ImmutableArray<RuleView> Rules => [.. AllRules.Where(rule => rule.Given > 0)];
    public CodeQuestion Question { get; private set; } = new();

    public async Task ShowAsync(WorkspaceScope scope, CodeQuestion question, CancellationToken cancellationToken)
    {
        (Question, Refusal) = (question, null);
        if (!(await codes.ListAsync(scope, question, cancellationToken)).TryGet(out var list, out var problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        List = list;
        if (await rules.ListAsync(scope, cancellationToken) is { Succeeded: true } found) AllRules = found.Value;
        if (await batches.ListAsync(scope, question.RuleId, cancellationToken) is { Succeeded: true } made) Batches = made.Value;
        State = list.Given == 0 && question.RuleId is null ? PageState.Empty : PageState.Ready;
    }

    /// <summary>Codes that fit the question as a sheet to print.</summary>
    public async Task<Outcome<Stream>> SheetAsync(WorkspaceScope scope, string address, CancellationToken cancellationToken)
    {
        var offers = AllRules.Where(rule => rule.Draft is not null).ToDictionary(rule => rule.Id, rule => RuleSentence.Offer(rule.Draft!.Offer, new SentenceStyle(CultureInfo.CurrentUICulture, rule.Currency, key => key)));
        if (!(await sheets.WriteAsync(scope, Question, address, rule => offers.GetValueOrDefault(rule) ?? "", cancellationToken)).TryGet(out var text, out var problem)) return problem;
        return new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The file of all codes that fit the question; null with a <see cref="Refusal"/>.</summary>
    public async Task<Stream?> FileAsync(WorkspaceScope scope, bool wooCommerce, ExportFormat format, CancellationToken cancellationToken)
    {
        var file = new MemoryStream();
        var written = wooCommerce
            ? await exports.WriteWooCommerceAsync(scope, Question, file, cancellationToken)
            : await exports.WriteAsync(scope, Question, [.. CodeExports.Columns.Select(column => texts["Promotions.csv-" + column])],
                (offer, currency) => RuleSentence.Offer(offer, new SentenceStyle(CultureInfo.CurrentUICulture, currency, key => key)), format, file, cancellationToken);
        Refusal = written.Problem;
        file.Position = 0;
        return Refusal is null ? file : null;
    }
}
