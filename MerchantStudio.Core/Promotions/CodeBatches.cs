using System.Collections.Frozen;
using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantStudio.Core.Promotions;

/// <summary>Codes to be made together.</summary>
/// <param name="Name">1 to 80 letters; what people call the batch.</param>
/// <param name="Code">The word of a shared code, 3 to 40 of A-Z, 0-9 and hyphen; null for a random one, and for unique codes.</param>
/// <param name="Count">How many unique codes, 1 to 1,000,000.</param>
/// <param name="MostUses">Uses of a shared code by all; null where only the rule limits them.</param>
public sealed record CodeBatchDraft(string Name, CodeBatchKind Kind, int Count = 1, string Prefix = "", string? Code = null, int? MostUses = null);

/// <summary>What became of the lines of a file with codes.</summary>
/// <param name="Taken">Lines whose code exists in the shop already, or stands twice in the file; the first 20.</param>
/// <param name="Unfit">Lines that are no code; the first 20.</param>
public sealed record CodeImport(Guid Batch, int Added, int AlreadyTaken, int NoCode, ImmutableArray<(int Line, string Code)> Taken, ImmutableArray<(int Line, string Code)> Unfit);

/// <summary>Codes that are not tied to a shopper: a shared word, a roll of unique ones, or those that were printed elsewhere. A batch is there whole or not at all.</summary>
public sealed class CodeBatches(IDbContextFactory<StudioDb> databases, AuditTrail audit, TimeProvider time)
{
    public const int MostCodes = 1_000_000;
    private const int MostNamed = 20;
    private static readonly FrozenSet<string> ColumnNames = new[] { "code", "codes", "coupon", "coupons", "coupon code", "coupon codes", "discount code", "voucher", "voucher code", "promo code" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public async Task<Outcome<ImmutableArray<CodeBatch>>> ListAsync(WorkspaceScope scope, Guid? rule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        return (await database.CodeBatches.AsNoTracking().Where(batch => batch.WorkspaceId == scope.Workspace && (rule == null || batch.RuleId == rule)).OrderByDescending(batch => batch.CreatedAt).ToArrayAsync(cancellationToken).ConfigureAwait(false)).ToImmutableArray();
    }

    /// <summary>Makes a shared code or unique ones for a rule. They hold from the rule's first live day on.</summary>
    public async Task<Outcome<CodeBatch>> CreateAsync(WorkspaceScope scope, Guid ruleId, CodeBatchDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (Fault(draft) is { } fault) return fault;
        return await databases.RunAsync<CodeBatch>(async (database, token) =>
        {
            if (await RuleAsync(database, scope, ruleId, token).ConfigureAwait(false) is not { } rule) return new RuleGone();
            if (rule.Method == RuleMethod.Automatic) return new RuleNeedsNoCode();
            var batch = NewBatch(scope, rule, draft.Name, draft.Kind, draft.Kind == CodeBatchKind.Unique ? draft.Count : 1);
            var insert = await InsertAsync(database, rule, batch, draft.Kind == CodeBatchKind.Unique ? 1 : draft.MostUses, token).ConfigureAwait(false);
            await using var _ = insert.ConfigureAwait(false);
            if (draft.Code is { } word)
            {
                if (!await insert.TryAddAsync(word.Trim().ToUpperInvariant(), null, token).ConfigureAwait(false)) return new CodeTaken(word);
            }
            else
            {
                await insert.AddNewAsync(draft.Prefix, Enumerable.Repeat<string?>(null, batch.Codes), token).ConfigureAwait(false);
            }

            await KeepAsync(database, scope, batch, token).ConfigureAwait(false);
            return batch;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes in codes that were made elsewhere, one a line, the first column of a CSV with or without its head. Each is good for one use. A line that is no code, or one that exists, is named and left out.</summary>
    public async Task<Outcome<CodeImport>> ImportAsync(WorkspaceScope scope, Guid ruleId, string name, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(lines);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > 80) return new CodeBatchNameUnfit();
        if (lines.Count > MostCodes) return new CodeCountUnfit(MostCodes);
        return await databases.RunAsync<CodeImport>(async (database, token) =>
        {
            if (await RuleAsync(database, scope, ruleId, token).ConfigureAwait(false) is not { } rule) return new RuleGone();
            if (rule.Method == RuleMethod.Automatic) return new RuleNeedsNoCode();
            var id = Guid.CreateVersion7(time.GetUtcNow());
            var insert = await CodeInsert.PrepareAsync(database.Model, database.Database.CurrentTransaction!.GetDbTransaction(), rule, time.GetUtcNow(), token, id, 1).ConfigureAwait(false);
            await using var _ = insert.ConfigureAwait(false);
            var (added, taken, unfit) = (0, new List<(int, string)>(), new List<(int, string)>());
            for (var index = 0; index < lines.Count; index++)
            {
                var word = lines[index].Split([',', ';', '\t'], 2)[0].Trim().Trim('"');
                if (index == 0 && IsHead(word)) continue;
                if (!IsWord(word)) unfit.Add((index + 1, word.Length > 40 ? word[..40] : word));
                else if (await insert.TryAddAsync(word.Trim().ToUpperInvariant(), null, token).ConfigureAwait(false)) added++;
                else taken.Add((index + 1, word));
            }

            if (added == 0) return new CodesNoneNew(taken.Count, unfit.Count) { TakenLines = [.. taken.Take(MostNamed)], UnfitLines = [.. unfit.Take(MostNamed)] };
            await KeepAsync(database, scope, NewBatch(scope, rule, name, CodeBatchKind.Imported, added, id), token).ConfigureAwait(false);
            return new CodeImport(id, added, taken.Count, unfit.Count, [.. taken.Take(MostNamed)], [.. unfit.Take(MostNamed)]);
        }, cancellationToken).ConfigureAwait(false);
    }

    private static Problem? Fault(CodeBatchDraft draft)
    {
        if (string.IsNullOrWhiteSpace(draft.Name) || draft.Name.Trim().Length > 80) return new CodeBatchNameUnfit();
        if (draft.Kind == CodeBatchKind.Unique && draft.Count is < 1 or > MostCodes) return new CodeCountUnfit(MostCodes);
        if (draft.MostUses < 1) return new CodeUsesUnfit();
        if (draft.Code is { } word && !IsWord(word.Trim())) return new CodeUnfit(word.Length > 40 ? word[..40] : word);
        return draft.Prefix.Length > 8 || !draft.Prefix.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter)) ? new RulePrefixUnfit() : null;
    }

    /// <summary>The name of the column, which would be fit as a code itself.</summary>
    private static bool IsHead(string text) => ColumnNames.Contains(text.Replace('_', ' ').Replace('-', ' '));

    private static bool IsWord(string text) => text.Length is >= 3 and <= 40 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') && text[0] != '-' && text[^1] != '-';

    private static Task<CouponRule?> RuleAsync(StudioDb database, WorkspaceScope scope, Guid ruleId, CancellationToken cancellationToken) =>
        database.CouponRules.SingleOrDefaultAsync(rule => rule.WorkspaceId == scope.Workspace && rule.Id == ruleId && rule.State != CouponRuleState.Ended, cancellationToken);

    private static Task<CodeInsert> InsertAsync(StudioDb database, CouponRule rule, CodeBatch batch, int? mostUses, CancellationToken cancellationToken) =>
        CodeInsert.PrepareAsync(database.Model, database.Database.CurrentTransaction!.GetDbTransaction(), rule, batch.CreatedAt, cancellationToken, batch.Id, mostUses);

    private CodeBatch NewBatch(WorkspaceScope scope, CouponRule rule, string name, CodeBatchKind kind, int codes, Guid? id = null)
    {
        var now = time.GetUtcNow();
        return new CodeBatch { Id = id ?? Guid.CreateVersion7(now), WorkspaceId = scope.Workspace, RuleId = rule.Id, Name = name.Trim(), Kind = kind, Codes = codes, CreatedBy = scope.Actor.Name, CreatedAt = now };
    }

    private Task<int> KeepAsync(StudioDb database, WorkspaceScope scope, CodeBatch batch, CancellationToken cancellationToken)
    {
        database.CodeBatches.Add(batch);
        audit.Add(database, scope.Workspace, scope.Actor, new AuditFact("codes.made", batch.Name, After: $"{batch.Kind}; {batch.Codes} codes"));
        return database.SaveChangesAsync(cancellationToken);
    }
}
