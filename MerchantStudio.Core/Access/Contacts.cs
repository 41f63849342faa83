using System.Net.Mail;
using System.Text;

namespace MerchantStudio.Core.Access;

/// <summary>Shows protected contact fields to those who may read them and a masked form to the rest.</summary>
public sealed class Contacts(IContactProtector protector)
{
    private const int LongestEmail = 254;

    /// <returns>Null when nothing is held or the keys are gone.</returns>
    public string? Show(WorkspaceScope scope, string? protectedContact)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (string.IsNullOrEmpty(protectedContact)) return null;
        var contact = protector.Unprotect(protectedContact);
        if (contact is null) return null;
        return scope.Refusal(Right.ReadContacts) is null ? contact : Mask(contact);
    }

    /// <summary>The form in which addresses are compared: half-width, lower case, without blanks.</summary>
    /// <returns>Null for what is no address.</returns>
    public static string? NormaliseEmail(string? email)
    {
        if (email is null || email.Length > LongestEmail) return null;
        var bare = string.Concat(email.Normalize(NormalizationForm.FormKC).Where(letter => !char.IsWhiteSpace(letter))).ToLowerInvariant();
        return MailAddress.TryCreate(bare, out var address) && address.Address == bare ? bare : null;
    }

    /// <summary>Keeps the first letter and, of an e-mail address, the last letter before the at sign and the domain.</summary>
    public static string Mask(string contact)
    {
        ArgumentNullException.ThrowIfNull(contact);
        if (contact.Length == 0) return "";
        var at = contact.IndexOf('@', StringComparison.Ordinal);
        if (at > 0) return $"{contact[0]}…{(at > 2 ? contact[at - 1] : "")}{contact[at..]}";
        return contact.Length > 4 && contact.All(letter => char.IsDigit(letter) || letter is '+' or ' ' or '-' or '(' or ')')
            ? $"…{contact[^2..]}"
            : $"{contact[0]}…";
    }
}
