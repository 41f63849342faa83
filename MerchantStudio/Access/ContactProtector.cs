using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Shop;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace MerchantStudio.Access;

/// <summary>Contact fields under the data folder's key ring; their hashes under a key file beside it. Without the folder <c>keys/</c> neither can be read.</summary>
internal sealed class ContactProtector(IDataProtectionProvider protection, StudioPaths paths) : IContactProtector
{
    private readonly IDataProtector _protector = protection.CreateProtector("MerchantStudio.Contacts");
    private readonly Lazy<byte[]> _hashKey = new(() => ContactKey.Get(paths));

    public string Protect(string contact) => _protector.Protect(contact);

    public string? Unprotect(string protectedContact)
    {
        try
        {
            return _protector.Unprotect(protectedContact);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public string Hash(string normalisedContact) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_hashKey.Value, Encoding.UTF8.GetBytes(normalisedContact)));
}

internal static class ContactProtectionRegistration
{
    public static IServiceCollection AddContactProtection(this IServiceCollection services, StudioPaths paths)
    {
        services.AddDataProtection().SetApplicationName("MerchantStudio");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new KeyRing(paths));
        return services.AddSingleton<IContactProtector, ContactProtector>();
    }
}
