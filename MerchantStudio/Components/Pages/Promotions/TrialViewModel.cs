using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>A line of a basket that is being typed.</summary>
public sealed class TrialLineDraft(TrialProduct product)
{
    public TrialProduct Product { get; } = product;
    public decimal? Quantity { get; set; } = 1;

    /// <summary>In place of the catalogue's; null for that.</summary>
    public Money? Price { get; set; }
}

/// <summary>A basket that is typed, and what a rule and a code make of it.</summary>
public sealed class TrialViewModel(CartTrials trials)
{
    private const int MostFound = 8;
    private int _asking;

    public List<TrialLineDraft> Lines { get; } = [];
    public string? Search { get; private set; }
    public ImmutableArray<TrialProduct> Found { get; private set; } = [];
    public Money? Shipping { get; set; }
    public string? Shopper { get; set; }
    public string? Code { get; set; }
    public string? Channel { get; set; }
    public DateOnly? Day { get; set; }
    public decimal? Hour { get; set; }
    public CartTrial? Trial { get; private set; }
    public Problem? Fault { get; private set; }

    public async Task FindAsync(WorkspaceScope scope, string? words, CancellationToken cancellationToken)
    {
        Search = words;
        Found = string.IsNullOrWhiteSpace(words) ? [] : await trials.FindAsync(scope, words, MostFound, cancellationToken) is { Succeeded: true } found ? found.Value : [];
    }

    public void Add(TrialProduct product)
    {
        ArgumentNullException.ThrowIfNull(product);
        if (Lines.Find(line => line.Product.ItemId == product.ItemId) is { } there) there.Quantity = (there.Quantity ?? 0) + 1;
        else Lines.Add(new TrialLineDraft(product));
        (Search, Found) = (null, []);
    }

    /// <summary>Judges the basket as it stands; of two questions at once the later one counts.</summary>
    public async Task AskAsync(WorkspaceScope scope, RuleDraft draft, Guid? ruleId, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var asking = ++_asking;
        (Fault, var trial) = (null, (CartTrial?)null);
        if (Lines.Count > 0)
        {
            var question = new TrialQuestion(
                [.. Lines.Select(line => new TrialLine(line.Product.ItemId, (int)Math.Clamp(line.Quantity ?? 0, 0, int.MaxValue), line.Price?.Minor))], Shipping?.Minor ?? 0, Blank(Shopper), Blank(Code), Blank(Channel), Moment(zone));
            var answer = await trials.TryAsync(scope, draft, ruleId, question, cancellationToken);
            if (asking != _asking) return;
            (Fault, trial) = (answer.Problem, answer.Succeeded ? answer.Value : null);
        }

        Trial = trial;
    }

    private DateTimeOffset? Moment(TimeZoneInfo zone)
    {
        if (Day is not { } day) return null;
        var local = day.ToDateTime(new TimeOnly((int)Math.Clamp(Hour ?? 12, 0, 23), 0));
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
