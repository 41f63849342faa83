using MerchantStudio.Core.Ingestion.Recognition;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>What the first row of an order, or of a product, says for the rows below it that leave those cells empty.</summary>
internal sealed class FilledCells
{
    private readonly byte[]?[] _values = new byte[]?[Enum.GetValues<ColumnRole>().Length];
    private readonly bool[] _filled = new bool[Enum.GetValues<ColumnRole>().Length];
    private byte[] _key = [];

    public FilledCells()
    {
        foreach (var role in Roles.FilledDown) _filled[(int)role] = true;
    }

    /// <summary>Begins a row: another key begins another order, an empty one belongs to the order above.</summary>
    public void Begin(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty || key.SequenceEqual(_key)) return;
        _key = key.ToArray();
        Array.Clear(_values);
    }

    public ReadOnlySpan<byte> Key => _key;

    /// <summary>The cell itself where it is written, else the one above it in the same order.</summary>
    public ReadOnlySpan<byte> Of(ColumnRole role, ReadOnlySpan<byte> cell)
    {
        if (!_filled[(int)role]) return cell;
        ref var held = ref _values[(int)role];
        if (cell.IsEmpty) return held;
        if (held is null) held = cell.ToArray();
        return cell;
    }
}
