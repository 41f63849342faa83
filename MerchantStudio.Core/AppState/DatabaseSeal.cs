using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace MerchantStudio.Core.AppState;

/// <summary>What app.db held when the studio last stopped in good order: SQLite has no check sums, so a byte that changed on the disk would pass for a value.</summary>
/// <remarks>The seal lies beside the file and goes with the next opening. It names a mark that is also in the file's header, so that it says nothing about a copy from a backup.</remarks>
internal static class DatabaseSeal
{
    private const int HeaderBytes = 100;
    private const int MarkAt = 60;   // PRAGMA user_version, which nothing else uses here

    public static string PathOf(string file) => file + ".seal";

    /// <summary>Moves the log into the file and writes down what that holds now. Nothing is written where somebody still reads or writes.</summary>
    public static async Task WriteAsync(string file, CancellationToken cancellationToken)
    {
        var mark = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(StudioSqlite.ConnectionString(file)) { Pooling = false }.ToString());
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var command = connection.CreateCommand();
            await using var _ = command.ConfigureAwait(false);
#pragma warning disable CA2100 // A pragma takes no parameters; the mark is a number of our own.
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {mark}; PRAGMA wal_checkpoint(TRUNCATE);");
#pragma warning restore CA2100
            if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not 0L) return;
        }

        if (HasLog(file)) return;
        var unfinished = PathOf(file) + ".part";
        var hash = await HashAsync(file, cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(unfinished, string.Create(CultureInfo.InvariantCulture, $"{mark} {hash}"), cancellationToken).ConfigureAwait(false);
        File.Move(unfinished, PathOf(file), overwrite: true);
    }

    /// <returns>True when the file is what was sealed, false when it is not, null when there is no seal on this file.</returns>
    public static async Task<bool?> HoldsAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file) || !File.Exists(PathOf(file)) || HasLog(file)) return null;
        if ((await File.ReadAllTextAsync(PathOf(file), cancellationToken).ConfigureAwait(false)).Split(' ') is not [var mark, var hash]) return null;
        if (mark != await MarkAsync(file, cancellationToken).ConfigureAwait(false)) return null;
        return hash == await HashAsync(file, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>From here on the file changes.</summary>
    public static void Remove(string file) => File.Delete(PathOf(file));

    private static bool HasLog(string file) => new FileInfo(file + "-wal") is { Exists: true, Length: > 0 };

    private static async Task<string?> MarkAsync(string file, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        var stream = File.OpenRead(file);
        await using var _ = stream.ConfigureAwait(false);
        return await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < HeaderBytes
            ? null
            : BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(MarkAt)).ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<string> HashAsync(string file, CancellationToken cancellationToken)
    {
        var stream = File.OpenRead(file);
        await using var _ = stream.ConfigureAwait(false);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
    }
}
