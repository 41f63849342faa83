using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Kernels;
using Xunit;

namespace MerchantStudio.Tests.Learning.Kernels;

public sealed unsafe class MatrixProductTests
{
    public static TheoryData<string, int, int, int> Sizes
    {
        get
        {
            var data = new TheoryData<string, int, int, int>();
            foreach (var set in KernelSet.All)
            {
                foreach (var (m, n, k) in ((int, int, int)[])[(1, 1, 1), (8, 32, 16), (6, 16, 5), (7, 33, 3), (50, 50, 64), (13, 100, 1_100), (65, 47, 513), (3, 5, 0)]) data.Add(set.Name, m, n, k);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_product_is_right_in_every_view_and_touches_nothing_else(string name, int m, int n, int k)
    {
        var set = KernelSet.All.Single(kernels => kernels.Name == name);
        var random = new SeededRandom(3);
        float[] a = Numbers(m * k, random), b = Numbers(k * n, random), before = Numbers((m + 1) * (n + 5), random);
        foreach (var (turnA, turnB, add) in ((bool, bool, bool)[])[(false, false, false), (true, false, true), (false, true, true), (true, true, false)])
        {
            var c = before.ToArray();
            fixed (float* pa = turnA ? Turned(a, m, k) : a, pb = turnB ? Turned(b, k, n) : b, pc = c)
            {
                var scratch = (float*)NativeMemory.AlignedAlloc(KernelSet.ScratchLength * sizeof(float), 64);
                var left = turnA ? new Matrix(pa, k, m).Turned : new Matrix(pa, m, k);
                var right = turnB ? new Matrix(pb, n, k).Turned : new Matrix(pb, k, n);
                set.Multiply(left, right, new Matrix((nint)pc, m, n, n + 5), add, scratch);
                NativeMemory.AlignedFree(scratch);
            }

            for (var row = 0; row < m + 1; row++)
            {
                for (var column = 0; column < n + 5; column++)
                {
                    var at = (row * (n + 5)) + column;
                    var expected = row < m && column < n ? Enumerable.Range(0, k).Sum(i => (double)a[(row * k) + i] * b[(i * n) + column]) + (add ? before[at] : 0) : before[at];
                    Assert.Equal(expected, c[at], 1e-4 * Math.Max(1, Math.Sqrt(k)));
                }
            }
        }
    }

    private static float[] Numbers(int count, SeededRandom random) => [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];

    private static float[] Turned(float[] x, int rows, int columns) => [.. Enumerable.Range(0, x.Length).Select(i => x[(i % rows * columns) + (i / rows)])];
}
