using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>
/// A table function through which the library takes chunks that we fill: "insert into t select * from studio_rows(42)" stores what source 42 hands out. Chunks go
/// straight into the table, while the library's own appender copies rows, stores them 100 chunks at a time and keeps a core busy with waiting meanwhile.
/// </summary>
internal static unsafe class RowFunction
{
    /// <summary>Threads of the library that may read a source at once; its engines have no more threads that would gain by it.</summary>
    public const int MostReaders = 4;

    private const string Name = "studio_rows";

    private static readonly ConcurrentDictionary<long, IRowSource> Sources = new();
    private static long _last;

    /// <summary>Makes the function known to a database; to be done once, by its first connection.</summary>
    public static void Register(ConnectionHandle connection)
    {
        var function = DuckDbApi.CreateTableFunction();
        try
        {
            using var bigint = DuckDbApi.CreateLogicalType(DuckDbType.BigInt);
            DuckDbApi.TableFunctionSetName(function, Name);
            DuckDbApi.TableFunctionAddParameter(function, bigint);
            DuckDbApi.TableFunctionSetBind(function, &Bind);
            DuckDbApi.TableFunctionSetInit(function, &Begin);
            DuckDbApi.TableFunctionSetLocalInit(function, &BeginReader);
            DuckDbApi.TableFunctionSetFunction(function, &Read);
            if (DuckDbApi.RegisterTableFunction(connection, function) != DuckDbApi.Success) throw DuckDbException.FromMessage("register_table_function", null);
        }
        finally
        {
            DuckDbApi.DestroyTableFunction(ref function);
        }
    }

    /// <returns>The number under which statements find the source until <see cref="Remove"/>.</returns>
    public static long Add(IRowSource source)
    {
        var number = Interlocked.Increment(ref _last);
        Sources[number] = source;
        return number;
    }

    public static void Remove(long number) => Sources.TryRemove(number, out _);

    /// <summary>The query of a source's rows, in the order in which they came.</summary>
    public static string Call(long number) => string.Create(CultureInfo.InvariantCulture, $"select * from {Name}({number})");

    /// <summary>The same in any order: a part that has none, and no rows, lets the library store the rows on several threads.</summary>
    public static string CallInAnyOrder(long number, int columns) => string.Create(CultureInfo.InvariantCulture, $"""
        select {string.Join(", ", Enumerable.Repeat("null", columns))} from (select range from range(1) where random() > 2 group by range) nothing
        union all {Call(number)}
        """);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        var value = DuckDbApi.BindGetParameter(info, 0);
        var number = DuckDbApi.GetInt64(value);
        DuckDbApi.DestroyValue(ref value);
        if (!Sources.TryGetValue(number, out var source))
        {
            DuckDbApi.BindSetError(info, "Invalid Input Error: no such source of rows");
            return;
        }

        for (var column = 0; column < source.Types.Length; column++) DuckDbApi.BindAddResultColumn(info, $"c{column}", source.Types[column]);
        DuckDbApi.BindSetBindData(info, (nint)number, 0);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Begin(nint info)
    {
        Sources[DuckDbApi.InitGetBindData(info)].Begin();
        DuckDbApi.InitSetMaxThreads(info, MostReaders);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void BeginReader(nint info) => DuckDbApi.InitSetInitData(info, Sources[DuckDbApi.InitGetBindData(info)].AddReader(), 0);

    [SuppressMessage("Design", "CA1031", Justification = "Nothing may be thrown through native code: the statement fails with the message instead.")]
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Read(nint info, nint output)
    {
        try
        {
            var chunk = Sources[DuckDbApi.FunctionGetBindData(info)].Next((int)DuckDbApi.FunctionGetLocalInitData(info));
            if (chunk is not null) chunk.LendTo(output);
            DuckDbApi.DataChunkSetSize(output, (ulong)(chunk?.Rows ?? 0));
        }
        catch (Exception error)
        {
            DuckDbApi.FunctionSetError(info, error.Message);
        }
    }
}

/// <summary>Hands out chunks to a statement.</summary>
internal interface IRowSource
{
    /// <summary>Types of the columns.</summary>
    LogicalTypeHandle[] Types { get; }

    /// <summary>A statement is about to read.</summary>
    void Begin();

    /// <summary>One more reader of the statement.</summary>
    /// <returns>Its number, below <see cref="RowFunction.MostReaders"/>.</returns>
    int AddReader();

    /// <summary>Waits for the next chunk, which the reader holds until it asks again; null at the end. Called by several of the library's threads at once.</summary>
    AppendChunk? Next(int reader);
}
