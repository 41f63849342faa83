namespace MerchantStudio.Core.Features.Identities;

/// <summary>A visitor without a name who turned out to be a customer, or who was refused as one.</summary>
/// <param name="Alias">The visitor's id, or that of a guest's e-mail address.</param>
/// <param name="At">When the event happened that says so.</param>
/// <param name="Kind">What said so: an event's type ("purchase"), "identify", "alias" or "email".</param>
/// <param name="MessageId">Of that event; null where it had none.</param>
/// <param name="ImportId">Import that brought it; 0 for live events.</param>
/// <param name="Events">Events of the visitor that are the customer's with it.</param>
/// <param name="Refused">"other-customer" or "known-customer"; null for one that was joined.</param>
/// <param name="PartedAt">When somebody took it back; null while it holds.</param>
public sealed record Identity(
    string Alias, string Customer, DateTimeOffset At, string Kind, string? MessageId, int ImportId, long Events, string? Refused, DateTimeOffset? PartedAt, string? PartedBy);
