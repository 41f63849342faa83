using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>What the page behind a way out says.</summary>
/// <param name="Language">Of the message that had the link.</param>
public sealed record OptOutView(string ShopName, string Language, bool HasLeft);

/// <summary>Who wants no more messages. The link in a message needs no sign-in, tells nothing about shop or shopper, and cannot be guessed.</summary>
public sealed class OptOuts(IDbContextFactory<StudioDb> databases, IContactProtector protector, TimeProvider clock)
{
    /// <summary>Where links lead, below the studio's address.</summary>
    public const string Path = "/u/";

    public const string ByLink = "link";
    public const string ByMailProgram = "one-click";
    private const int IdLetters = 32;
    private const int ProofLetters = 32;

    /// <summary>Who a link is for: 32 hexadecimal digits of the delivery's id and 32 of its proof.</summary>
    /// <returns>Null while the studio has no address for shoppers.</returns>
    internal Uri? LinkFor(MessagingSettings settings, Guid delivery) =>
        settings.PublicAddress.Length == 0 ? null : new Uri(settings.PublicAddress.TrimEnd('/') + Path + Token(delivery));

    /// <returns>Null for what is no link of ours.</returns>
    public async Task<OptOutView?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await DeliveryOfAsync(db, token, cancellationToken).ConfigureAwait(false) is not { } delivery) return null;
        var shop = await db.Workspaces.Where(row => row.Id == delivery.WorkspaceId).Select(row => row.Name).SingleAsync(cancellationToken).ConfigureAwait(false);
        return new OptOutView(shop, MessageValues.Of(delivery.ValuesProtected, protector)?.Language ?? MessageTemplate.EnglishName, await HasLeftAsync(db, delivery.WorkspaceId, delivery.ShopperId, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Takes the shopper of a link out of all messages of the shop; again changes nothing.</summary>
    /// <returns>False for what is no link of ours.</returns>
    public async Task<bool> LeaveAsync(string? token, string source, CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await DeliveryOfAsync(db, token, cancellationToken).ConfigureAwait(false) is not { } delivery) return false;
        await AddAsync(db, delivery.WorkspaceId, delivery.ShopperId, delivery.ContactHash, source, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>For a shopper who asks on the phone.</summary>
    public async Task<Outcome<Done>> AddAsync(WorkspaceScope scope, ShopperId shopper, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.LookUpCustomer) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        await AddAsync(db, scope.Workspace, shopper.Value, null, scope.Actor.Name, cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    private async Task AddAsync(StudioDb db, WorkspaceId workspace, string shopper, string? hash, string source, CancellationToken cancellationToken)
    {
        if (await HasLeftAsync(db, workspace, shopper, cancellationToken).ConfigureAwait(false)) return;
        var now = clock.GetUtcNow();
        db.ShopperOptOuts.Add(new ShopperOptOut { Id = Guid.CreateVersion7(now), WorkspaceId = workspace, ShopperId = shopper, ContactHash = hash, Source = source, At = now });
        try
        {
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateException fault) when (DatabaseFault.IsUniqueViolation(fault))
        {
            // Pressed twice at once.
        }
    }

    private static Task<bool> HasLeftAsync(StudioDb db, WorkspaceId workspace, string shopper, CancellationToken cancellationToken) =>
        db.ShopperOptOuts.AnyAsync(row => row.WorkspaceId == workspace && row.ShopperId == shopper, cancellationToken);

    private async Task<AppState.Delivery?> DeliveryOfAsync(StudioDb db, string? token, CancellationToken cancellationToken)
    {
        if (token is not { Length: IdLetters + ProofLetters } || !Guid.TryParseExact(token[..IdLetters], "N", out var id)) return null;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Token(id)), Encoding.UTF8.GetBytes(token.ToLowerInvariant()))) return null;
        return await db.Deliveries.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>No contact begins with these words, so no contact's hash is a proof.</summary>
    private string Token(Guid delivery) => delivery.ToString("N") + protector.Hash($"unsubscribe {delivery:N}").ToLowerInvariant()[..ProofLetters];
}
