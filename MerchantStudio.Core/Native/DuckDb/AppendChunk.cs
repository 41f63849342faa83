using System.Runtime.CompilerServices;

namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>A data chunk that is filled in place: the addresses hold until it is reset.</summary>
internal sealed unsafe class AppendChunk : IDisposable
{
    private readonly nint[] _vectors;
    private readonly byte*[] _data;
    private readonly ulong*[] _validity;

    /// <param name="handle">Owned from here on.</param>
    public AppendChunk(ChunkHandle handle, int columns)
    {
        Handle = handle;
        _vectors = new nint[columns];
        _data = new byte*[columns];
        _validity = new ulong*[columns];
        Begin();
    }

    public static int Capacity { get; } = (int)DuckDbApi.VectorSize();

    public ChunkHandle Handle { get; }

    public int Rows { get; private set; }

    public bool IsFull => Rows == Capacity;

    public void Value<T>(int column, T value)
        where T : unmanaged
    {
        ((T*)_data[column])[Rows] = value;
        SetValid(column);
    }

    public void Utf8(int column, ReadOnlySpan<byte> value)
    {
        if (value.Length <= VectorCopy.InlineText)
        {
            // Short strings live in the slot itself; its unused bytes must be zero, because strings are compared by slot.
            var slot = _data[column] + (Rows * 16L);
            ((ulong*)slot)[0] = 0;
            ((ulong*)slot)[1] = 0;
            *(int*)slot = value.Length;
            value.CopyTo(new Span<byte>(slot + 4, VectorCopy.InlineText));
        }
        else
        {
            fixed (byte* text = value) DuckDbApi.VectorAssignStringElementLen(_vectors[column], (ulong)Rows, text, (ulong)value.Length);
        }

        SetValid(column);
    }

    public void EndRow() => Rows++;

    /// <summary>Makes it empty again.</summary>
    public void Reset()
    {
        DuckDbApi.DataChunkReset(Handle);
        Begin();
    }

    /// <summary>Lets another chunk show these rows without a copy, until this one is reset.</summary>
    /// <param name="output">A chunk with the same columns.</param>
    public void LendTo(nint output)
    {
        for (var column = 0; column < _vectors.Length; column++) DuckDbApi.VectorReferenceVector(DuckDbApi.DataChunkGetVector(output, (ulong)column), _vectors[column]);
    }

    public void Dispose() => Handle.Dispose();

    private void Begin()
    {
        Rows = 0;
        for (var column = 0; column < _vectors.Length; column++)
        {
            var vector = DuckDbApi.DataChunkGetVector(Handle, (ulong)column);
            DuckDbApi.VectorEnsureValidityWritable(vector);
            _vectors[column] = vector;
            _data[column] = (byte*)DuckDbApi.VectorGetData(vector);
            _validity[column] = DuckDbApi.VectorGetValidity(vector);
            new Span<ulong>(_validity[column], Capacity / 64).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetValid(int column) => _validity[column][Rows >> 6] |= 1UL << (Rows & 63);
}
