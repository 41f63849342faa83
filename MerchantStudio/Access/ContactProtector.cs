using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Shop;
using Microsoft.AspNetCore.DataProtection;

namespace MerchantStudio.Access;

/// <summary>Contact fields under the data folder's key ring; their hashes under a key file beside it. Without the folder <c>keys/</c> neither can be read.</summary>
internal sealed class ContactProtector(IDataProtectionProvider protection, StudioPaths paths) : IContactProtector
{
    private const int KeyBytes = 32;
    private readonly IDataProtector _protector = protection.CreateProtector("MerchantStudio.Contacts");
    private readonly Lazy<byte[]> _hashKey = new(() => HashKey(Path.Combine(paths.Keys, "contacts.key")));

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

    private static byte[] HashKey(string file)
    {
        if (File.Exists(file)) return File.ReadAllBytes(file);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(key);
        stream.Flush(flushToDisk: true);
        return key;
    }
}

internal static class ContactProtectionRegistration
{
    public static IServiceCollection AddContactProtection(this IServiceCollection services, StudioPaths paths)
    {
        services.AddDataProtection().SetApplicationName("MerchantStudio").PersistKeysToFileSystem(new DirectoryInfo(paths.Keys));
        return services.AddSingleton<IContactProtector, ContactProtector>();
    }
}
