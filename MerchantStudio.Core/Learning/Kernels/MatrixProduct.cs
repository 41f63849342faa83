using System.Runtime.CompilerServices;

namespace MerchantStudio.Core.Learning.Kernels;

/// <summary>C = A B or C += A B. Every element is one sum over k in ascending order, cut into the same blocks for any size, so that results do not depend on threads.</summary>
/// <remarks>
/// B is copied panel by panel (two vectors wide, padded with zeros) so that the inner loop reads it in order whatever its view; A is read in place. The inner
/// loop keeps a tile of C in registers, after Goto and van de Geijn, Anatomy of high-performance matrix multiplication, ACM TOMS 34(3), 2008.
/// </remarks>
internal static unsafe class MatrixProduct<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Rows of a panel: with 32 columns 64 KB, which stays in the second-level cache beside A.</summary>
    public const int BlockRows = 512;

    private static int PanelColumns => 2 * TSimd.Width;

    /// <param name="panel">Room for <see cref="BlockRows"/> times two vectors.</param>
    public static void Run(Matrix a, Matrix b, Matrix c, bool add, float* panel)
    {
        for (var from = 0; from < a.Columns || (from == 0 && !add); from += BlockRows)
        {
            var depth = Math.Min(BlockRows, a.Columns - from);
            for (var column = 0; column < b.Columns; column += PanelColumns)
            {
                var columns = Math.Min(PanelColumns, b.Columns - column);
                Pack(b, from, depth, column, columns, panel);
                Rows(a, from, depth, panel, c, column, columns, add || from > 0);
            }
        }
    }

    private static void Pack(Matrix b, int from, int depth, int column, int columns, float* panel)
    {
        var width = PanelColumns;
        if (b.ColumnStep == 1)
        {
            for (var k = 0; k < depth; k++)
            {
                var source = b.At(from + k, column);
                var target = panel + (k * width);
                if (columns == width)
                {
                    TSimd.Store(target, TSimd.Load(source));
                    TSimd.Store(target + TSimd.Width, TSimd.Load(source + TSimd.Width));
                    continue;
                }

                for (var j = 0; j < columns; j++) target[j] = source[j];
                for (var j = columns; j < width; j++) target[j] = 0;
            }

            return;
        }

        for (var j = 0; j < width; j++)
        {
            var source = j < columns ? b.At(from, column + j) : null;
            for (var k = 0; k < depth; k++) panel[(k * width) + j] = source == null ? 0 : source[(long)k * b.RowStep];
        }
    }

    private static void Rows(Matrix a, int from, int depth, float* panel, Matrix c, int column, int columns, bool add)
    {
        var tile = TSimd.TileRows;
        var scratch = stackalloc float[8 * 2 * 16];
        for (var row = 0; row < a.Rows; row += tile)
        {
            var rows = Math.Min(tile, a.Rows - row);
            var whole = rows == tile && columns == PanelColumns;
            var target = whole ? c.At(row, column) : scratch;
            var step = whole ? c.RowStep : PanelColumns;
            if (tile == 8) Tile8(a, row, rows, from, depth, panel, target, step, whole && add);
            else Tile6(a, row, rows, from, depth, panel, target, step, whole && add);
            if (!whole) CopyOut(scratch, c, row, rows, column, columns, add);
        }
    }

    private static void CopyOut(float* scratch, Matrix c, int row, int rows, int column, int columns, bool add)
    {
        for (var i = 0; i < rows; i++)
        {
            var target = c.At(row + i, column);
            var source = scratch + (i * PanelColumns);
            for (var j = 0; j < columns; j++) target[j] = add ? target[j] + source[j] : source[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* to, TVector low, TVector high, bool add)
    {
        TSimd.Store(to, add ? TSimd.Add(TSimd.Load(to), low) : low);
        TSimd.Store(to + TSimd.Width, add ? TSimd.Add(TSimd.Load(to + TSimd.Width), high) : high);
    }

    /// <summary>Rows beyond the last are read as the last again; what they give goes to the scratch tile and no further.</summary>
    private static void Tile8(Matrix a, int row, int rows, int from, int depth, float* panel, float* c, int step, bool add)
    {
        var last = rows - 1;
        float* a0 = a.At(row, from), a1 = a.At(row + Math.Min(1, last), from), a2 = a.At(row + Math.Min(2, last), from), a3 = a.At(row + Math.Min(3, last), from);
        float* a4 = a.At(row + Math.Min(4, last), from), a5 = a.At(row + Math.Min(5, last), from), a6 = a.At(row + Math.Min(6, last), from), a7 = a.At(row + Math.Min(7, last), from);
        var zero = TSimd.All(0);
        TVector c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero;
        TVector d0 = zero, d1 = zero, d2 = zero, d3 = zero, d4 = zero, d5 = zero, d6 = zero, d7 = zero;
        long at = 0;
        for (var k = 0; k < depth; k++)
        {
            var low = TSimd.Load(panel);
            var high = TSimd.Load(panel + TSimd.Width);
            panel += 2 * TSimd.Width;
            var x = TSimd.All(a0[at]);
            c0 = TSimd.MultiplyAdd(x, low, c0);
            d0 = TSimd.MultiplyAdd(x, high, d0);
            x = TSimd.All(a1[at]);
            c1 = TSimd.MultiplyAdd(x, low, c1);
            d1 = TSimd.MultiplyAdd(x, high, d1);
            x = TSimd.All(a2[at]);
            c2 = TSimd.MultiplyAdd(x, low, c2);
            d2 = TSimd.MultiplyAdd(x, high, d2);
            x = TSimd.All(a3[at]);
            c3 = TSimd.MultiplyAdd(x, low, c3);
            d3 = TSimd.MultiplyAdd(x, high, d3);
            x = TSimd.All(a4[at]);
            c4 = TSimd.MultiplyAdd(x, low, c4);
            d4 = TSimd.MultiplyAdd(x, high, d4);
            x = TSimd.All(a5[at]);
            c5 = TSimd.MultiplyAdd(x, low, c5);
            d5 = TSimd.MultiplyAdd(x, high, d5);
            x = TSimd.All(a6[at]);
            c6 = TSimd.MultiplyAdd(x, low, c6);
            d6 = TSimd.MultiplyAdd(x, high, d6);
            x = TSimd.All(a7[at]);
            c7 = TSimd.MultiplyAdd(x, low, c7);
            d7 = TSimd.MultiplyAdd(x, high, d7);
            at += a.ColumnStep;
        }

        Put(c, c0, d0, add);
        Put(c + step, c1, d1, add);
        Put(c + (2L * step), c2, d2, add);
        Put(c + (3L * step), c3, d3, add);
        Put(c + (4L * step), c4, d4, add);
        Put(c + (5L * step), c5, d5, add);
        Put(c + (6L * step), c6, d6, add);
        Put(c + (7L * step), c7, d7, add);
    }

    /// <inheritdoc cref="Tile8"/>
    private static void Tile6(Matrix a, int row, int rows, int from, int depth, float* panel, float* c, int step, bool add)
    {
        var last = rows - 1;
        float* a0 = a.At(row, from), a1 = a.At(row + Math.Min(1, last), from), a2 = a.At(row + Math.Min(2, last), from);
        float* a3 = a.At(row + Math.Min(3, last), from), a4 = a.At(row + Math.Min(4, last), from), a5 = a.At(row + Math.Min(5, last), from);
        var zero = TSimd.All(0);
        TVector c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero;
        TVector d0 = zero, d1 = zero, d2 = zero, d3 = zero, d4 = zero, d5 = zero;
        long at = 0;
        for (var k = 0; k < depth; k++)
        {
            var low = TSimd.Load(panel);
            var high = TSimd.Load(panel + TSimd.Width);
            panel += 2 * TSimd.Width;
            var x = TSimd.All(a0[at]);
            c0 = TSimd.MultiplyAdd(x, low, c0);
            d0 = TSimd.MultiplyAdd(x, high, d0);
            x = TSimd.All(a1[at]);
            c1 = TSimd.MultiplyAdd(x, low, c1);
            d1 = TSimd.MultiplyAdd(x, high, d1);
            x = TSimd.All(a2[at]);
            c2 = TSimd.MultiplyAdd(x, low, c2);
            d2 = TSimd.MultiplyAdd(x, high, d2);
            x = TSimd.All(a3[at]);
            c3 = TSimd.MultiplyAdd(x, low, c3);
            d3 = TSimd.MultiplyAdd(x, high, d3);
            x = TSimd.All(a4[at]);
            c4 = TSimd.MultiplyAdd(x, low, c4);
            d4 = TSimd.MultiplyAdd(x, high, d4);
            x = TSimd.All(a5[at]);
            c5 = TSimd.MultiplyAdd(x, low, c5);
            d5 = TSimd.MultiplyAdd(x, high, d5);
            at += a.ColumnStep;
        }

        Put(c, c0, d0, add);
        Put(c + step, c1, d1, add);
        Put(c + (2L * step), c2, d2, add);
        Put(c + (3L * step), c3, d3, add);
        Put(c + (4L * step), c4, d4, add);
        Put(c + (5L * step), c5, d5, add);
    }
}
