namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Rows that one round's trees learn from, and the others; both ascending.</summary>
internal readonly record struct RowSample(int[] Taken, int[] Others)
{
    /// <summary>Takes each row by a number drawn from the seed and the row alone, so that no row's luck depends on another's. All rows when the draw leaves none.</summary>
    public static RowSample Of(int rows, double share, ulong seed)
    {
        var all = new int[rows];
        var others = new int[rows];
        int taken = 0, left = 0;
        for (var row = 0; row < rows; row++)
        {
            if (share >= 1 || new SeededRandom(seed + ((ulong)row * 0xA24BAED4963EE407UL)).NextDouble() < share) all[taken++] = row;
            else others[left++] = row;
        }

        return taken == 0 ? new RowSample(others, []) : new RowSample(all[..taken], others[..left]);
    }
}
