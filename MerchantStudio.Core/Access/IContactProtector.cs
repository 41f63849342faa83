namespace MerchantStudio.Core.Access;

/// <summary>Keeps names, e-mail addresses and phone numbers unreadable in the warehouse file; the keys lie outside it.</summary>
public interface IContactProtector
{
    string Protect(string contact);

    /// <returns>Null when the text was protected with keys that are no longer here.</returns>
    string? Unprotect(string protectedContact);

    /// <summary>Keyed hash of a normalised contact, for matching without reading it.</summary>
    string Hash(string normalisedContact);
}
