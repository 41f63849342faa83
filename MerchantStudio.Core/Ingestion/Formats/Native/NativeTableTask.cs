using System.Globalization;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Native.DuckDb;
using Microsoft.Data.Sqlite;

namespace MerchantStudio.Core.Ingestion.Formats.Native;

/// <summary>The worker's side of <see cref="NativeTables"/>: <c>worker table FORMAT FILE TARGET MAXBYTES PART</c>.</summary>
public static class NativeTableTask
{
    public const string Name = "table";

    /// <summary>Writes the table and its answer, or the answer with a problem. Tells that it is alive on <paramref name="alive"/>.</summary>
    /// <returns>0 when there is an answer.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter alive)
    {
        if (arguments is not [var formatName, var path, var target, var mostBytes, var part] || !Enum.TryParse<FileFormat>(formatName, out var format)) return 2;
        var limits = new ConversionLimits(long.Parse(mostBytes, CultureInfo.InvariantCulture), int.MaxValue);
        var beat = new Heartbeat(alive);
        var wanted = part.Length == 0 ? null : part;
        var answer = Answer(() => format == FileFormat.Parquet ? ParquetTable.Write(path, target, limits, beat) : SqliteTables.Write(path, target, wanted, limits, beat), format, wanted);
        answer.Write(target);
        return 0;
    }

    private static TableAnswer Answer(Func<TableAnswer> write, FileFormat format, string? part)
    {
        try
        {
            return write();
        }
        catch (FileRefusedException refused)
        {
            return new TableAnswer(refused.Problem.Code, 0, [], null, part);
        }
        catch (UnpackLimitException)
        {
            return new TableAnswer("import.unpacks-too-large", 0, [], null);
        }
        catch (DuckDbException)
        {
            return new TableAnswer("import.damaged-parquet", 0, [], null);
        }
        catch (Exception damaged) when (damaged is SqliteException or InvalidCastException or FormatException)
        {
            return new TableAnswer(format == FileFormat.Sqlite ? "import.damaged-database" : "import.damaged-parquet", 0, [], null);
        }
    }
}

/// <summary>Says once a second that work goes on.</summary>
internal sealed class Heartbeat(TextWriter to)
{
    private long _last = System.Diagnostics.Stopwatch.GetTimestamp();

    public void Beat(long records)
    {
        if (System.Diagnostics.Stopwatch.GetElapsedTime(_last) < TimeSpan.FromSeconds(1)) return;
        _last = System.Diagnostics.Stopwatch.GetTimestamp();
        to.WriteLine(records.ToString(CultureInfo.InvariantCulture));
        to.Flush();
    }
}
