using MerchantStudio.Core.Outcomes;
using Npgsql;

namespace MerchantStudio.Core.AppState;

/// <summary>Where the app state lies, from <c>Studio:Database</c>: null or blank for app.db in the data folder, else Npgsql's connection string of a PostgreSQL database.</summary>
/// <remarks>It may hold a password: only <see cref="PostgresPlace"/> is ever shown or written down.</remarks>
internal sealed class DatabaseSetting(string? connectionString)
{
    public bool IsPostgres => !string.IsNullOrWhiteSpace(connectionString);

    /// <summary>The place, with what each connection needs; a problem where the setting is no connection string.</summary>
    public Outcome<PostgresPlace> Read()
    {
        NpgsqlConnectionStringBuilder given;
        try
        {
            given = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException or KeyNotFoundException)
        {
            // What it says may quote a part of the password.
            return new DatabaseSettingUnreadable();
        }

        if (string.IsNullOrWhiteSpace(given.Host) || string.IsNullOrWhiteSpace(given.Database)) return new DatabaseSettingUnreadable();
        given.ApplicationName ??= "MerchantStudio";
        given.PersistSecurityInfo = false;
        given.IncludeErrorDetail = false;
        // A commit is on the disk before anyone is told of it, whatever the server's or the role's own setting.
        given.Options = string.Join(' ', ((string?[])[given.Options, "-c synchronous_commit=on"]).Where(option => !string.IsNullOrWhiteSpace(option)));
        return new PostgresPlace(given.Host, given.Port, given.Database, given.Username, given.ConnectionString);
    }

    public override string ToString() => IsPostgres ? "PostgreSQL" : "app.db";
}

/// <summary>A PostgreSQL database. Only <see cref="ConnectionString"/> holds a password, and it is not shown.</summary>
internal sealed class PostgresPlace(string host, int port, string database, string? user, string connectionString)
{
    public string Server => Path.IsPathRooted(host) ? host : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{host}:{port}");

    public string Database => database;

    public string User => user ?? Environment.UserName;

    public string ConnectionString => connectionString;

    public override string ToString() => $"{database} at {Server}";
}

public sealed record DatabaseSettingUnreadable()
    : Problem("data.database-setting", "Studio:Database cannot be read. Write it like: Host=localhost;Database=merchantstudio;Username=merchantstudio;Password=...");
