using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Access;

/// <summary>What an owner may set about her shop.</summary>
/// <param name="PaidStates">Order states that count as paid.</param>
/// <param name="ApprovalLimitMinor">A rule with a larger budget needs an owner's approval; minor units.</param>
/// <param name="DailyRunMinute">Minute of the store's day, 0 to 1,439; null for never.</param>
/// <param name="RunAfterImport">Null while nobody has been asked.</param>
public sealed record ShopChange(string Name, string Currency, string TimeZone, ImmutableArray<string> PaidStates, long ApprovalLimitMinor, int? DailyRunMinute, bool? RunAfterImport)
{
    /// <summary>Whether of offers that exclude each other those worth most to the shopper apply.</summary>
    public bool BestOffersForCustomer { get; init; }

    public static ShopChange Of(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new ShopChange(
            workspace.Name,
            workspace.Currency,
            workspace.TimeZone,
            [.. workspace.PaidStates.Split('|', StringSplitOptions.RemoveEmptyEntries)],
            workspace.ApprovalLimitMinor,
            workspace.DailyRunMinute,
            workspace.RunAfterImport)
        {
            BestOffersForCustomer = workspace.BestOffersForCustomer,
        };
    }

    /// <summary>Each setting as one short text for the audit trail, in a fixed order.</summary>
    internal IEnumerable<string> Facts() =>
    [
        Name, Currency, TimeZone, "paid: " + string.Join(", ", PaidStates),
        string.Create(CultureInfo.InvariantCulture, $"approval above {ApprovalLimitMinor} minor units"),
        DailyRunMinute is { } minute ? string.Create(CultureInfo.InvariantCulture, $"daily run at {minute / 60:00}:{minute % 60:00}") : "no daily run",
        RunAfterImport switch { true => "run after import", false => "no run after import", null => "run after import not answered" },
        BestOffersForCustomer ? "offers: best for the customer" : "offers: by priority",
    ];
}

/// <summary>Changes a shop's settings; each change stands in the audit trail.</summary>
public sealed class ShopSettings(IDbContextFactory<StudioDb> contexts, AuditTrail audit)
{
    private const int MostPaidStates = 40;

    public async Task<Outcome<Workspace>> ChangeAsync(WorkspaceScope scope, ShopChange wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(wanted);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        if (ShopDetails.Check(wanted.Name, wanted.Currency, wanted.TimeZone) is { } problem) return problem;
        var states = wanted.PaidStates.Select(state => state.Trim()).Where(state => state.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (states.Count is 0 or > MostPaidStates || states.Exists(state => state.Contains('|', StringComparison.Ordinal) || state.Length > 60)) return new PaidStatesInvalid();
        if (wanted.DailyRunMinute is < 0 or >= 24 * 60) throw new ArgumentOutOfRangeException(nameof(wanted), wanted.DailyRunMinute, "A day has the minutes 0 to 1,439.");
        if (wanted.ApprovalLimitMinor < 0) return new ApprovalLimitInvalid();

        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var workspace = await db.Workspaces.SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var before = ShopChange.Of(workspace);
        workspace.Name = wanted.Name.Trim();
        workspace.Currency = wanted.Currency;
        workspace.TimeZone = wanted.TimeZone;
        workspace.PaidStates = string.Join('|', states);
        workspace.ApprovalLimitMinor = wanted.ApprovalLimitMinor;
        workspace.DailyRunMinute = wanted.DailyRunMinute;
        workspace.RunAfterImport = wanted.RunAfterImport;
        workspace.BestOffersForCustomer = wanted.BestOffersForCustomer;
        var after = ShopChange.Of(workspace);
        var changed = before.Facts().Zip(after.Facts()).Where(pair => pair.First != pair.Second).ToList();
        if (changed.Count > 0)
        {
            var facts = new AuditFact("workspace.changed", workspace.Name, string.Join("; ", changed.Select(pair => pair.First)), string.Join("; ", changed.Select(pair => pair.Second)));
            audit.Add(db, scope.Workspace, scope.Actor, facts);
        }

        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return workspace;
    }

    /// <summary>The answer to "shall the pipeline run after every import?", which is asked once.</summary>
    public async Task<Outcome<Done>> AnswerRunAfterImportAsync(WorkspaceScope scope, bool run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var workspace = await db.Workspaces.SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("workspace.run-after-import", workspace.Name, workspace.RunAfterImport?.ToString(), run.ToString()));
        workspace.RunAfterImport = run;
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }
}

public sealed record PaidStatesInvalid()
    : Problem("workspace.paid-states-invalid", "Name 1 to 40 order states that count as paid, each up to 60 characters and without '|'.");

public sealed record ApprovalLimitInvalid() : Problem("workspace.approval-limit-invalid", "The approval limit is an amount of 0 or more.");
