using System.Collections.ObjectModel;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace MerchantStudio.Access;

/// <summary>The keys of sign-ins and contact fields, a file each in <c>keys/</c>. A file ends in the check sum of what stands before it: a key that changed by one digit is still a key, but not the one that anything was locked with.</summary>
internal sealed class KeyRing(StudioPaths paths) : IXmlRepository
{
    private const string Before = "\n<!-- sha256 ";
    private const string After = " -->\n";

    /// <summary>The first key file that cannot be used; null when all can.</summary>
    public static Problem? Check(StudioPaths paths)
    {
        foreach (var file in Files(paths))
        {
            if (Read(file) is null) return new KeyDamaged(file);
        }

        return ContactKey.IsSound(paths) ? null : new KeyDamaged(ContactKey.PathIn(paths));
    }

    public IReadOnlyCollection<XElement> GetAllElements() =>
        new ReadOnlyCollection<XElement>([.. Files(paths).Select(file => Read(file) ?? throw new CryptographicException(new KeyDamaged(file).Message))]);

    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        var text = element.ToString();
        var name = friendlyName.Length > 0 && friendlyName.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? friendlyName : Guid.NewGuid().ToString();
        KeyFile.Write(Path.Combine(Directory.CreateDirectory(paths.Keys).FullName, name + ".xml"), Encoding.UTF8.GetBytes(text + Before + Sum(text) + After));
    }

    /// <returns>Null when the file is not as it was written. A file without a check sum, of an earlier version, need only be readable.</returns>
    private static XElement? Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        try
        {
            var all = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            var end = all.LastIndexOf(Before, StringComparison.Ordinal);
            if (end >= 0 && all[end..] != Before + Sum(all[..end]) + After) return null;
            using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return XElement.Load(reader);
        }
        catch (Exception unreadable) when (unreadable is XmlException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Files(StudioPaths paths) => Directory.Exists(paths.Keys) ? Directory.EnumerateFiles(paths.Keys, "*.xml").Order(StringComparer.Ordinal) : [];

    private static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>The key of contact hashes: 32 bytes, and the check sum of these.</summary>
internal static class ContactKey
{
    private const int KeyBytes = 32;

    public static string PathIn(StudioPaths paths) => Path.Combine(paths.Keys, "contacts.key");

    /// <summary>Whether the key can be used, or is not there yet. One without a check sum, of an earlier version, need only be as long as a key.</summary>
    public static bool IsSound(StudioPaths paths) => !File.Exists(PathIn(paths)) || Key(File.ReadAllBytes(PathIn(paths))) is not null;

    /// <summary>Makes the key the first time.</summary>
    /// <exception cref="CryptographicException">The file is damaged.</exception>
    public static byte[] Get(StudioPaths paths)
    {
        var file = PathIn(paths);
        if (File.Exists(file)) return Key(File.ReadAllBytes(file)) ?? throw new CryptographicException(new KeyDamaged(file).Message);
        Directory.CreateDirectory(paths.Keys);
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        KeyFile.Write(file, [.. key, .. SHA256.HashData(key)]);
        return key;
    }

    private static byte[]? Key(byte[] content) => content.Length switch
    {
        KeyBytes => content,
        2 * KeyBytes when SHA256.HashData(content.AsSpan(0, KeyBytes)).AsSpan().SequenceEqual(content.AsSpan(KeyBytes)) => content[..KeyBytes],
        _ => null,
    };
}

/// <summary>Writes a key so that it is whole or absent, and for this user alone.</summary>
internal static class KeyFile
{
    public static void Write(string file, byte[] content)
    {
        var unfinished = file + ".part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, file, overwrite: true);
    }
}

internal sealed record KeyDamaged(string File)
    : Problem("data.key-damaged", "The key file {0} is damaged. Put a backup copy of it in its place and start again: without it the contact data that it locks cannot be read and everybody has to sign in anew.", File);
