using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Kernels;

namespace MerchantStudio.Benchmarks;

/// <summary>Matrix products of the sizes that training needs, on one thread: billions of multiplications and additions a second.</summary>
internal static unsafe class KernelBenchmark
{
    private static readonly (string What, int M, int N, int K, bool TurnA, bool TurnB)[] Products =
    [
        ("dense layer", 256, 128, 60, false, false),
        ("long dense layer", 6_400, 64, 64, false, false),
        ("its weights' gradient", 64, 64, 6_400, true, false),
        ("its input's gradient", 6_400, 64, 64, false, true),
        ("attention of one sequence", 50, 50, 64, false, true),
        ("all items' scores", 256, 20_000, 64, false, true),
        ("square", 512, 512, 512, false, false),
    ];

    public static void Run()
    {
        Console.WriteLine("| product | m x n x k | " + string.Join(" | ", KernelSet.All.Select(set => set.Name)) + " |");
        Console.WriteLine("|---|---|" + string.Concat(KernelSet.All.Select(_ => "---|")));
        foreach (var product in Products)
        {
            var rates = KernelSet.All.Select(set => Rate(set, product).ToString("0.0", CultureInfo.InvariantCulture));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {product.What} | {product.M} x {product.N} x {product.K} | {string.Join(" | ", rates)} |"));
        }
    }

    /// <summary>The best of several rounds by processor time, so that other work on the machine counts little.</summary>
    private static double Rate(KernelSet set, (string What, int M, int N, int K, bool TurnA, bool TurnB) product)
    {
        var (_, m, n, k, turnA, turnB) = product;
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)(((long)m * k) + ((long)k * n) + ((long)m * n) + KernelSet.ScratchLength) * sizeof(float), 64);
        try
        {
            var random = new SeededRandom(1);
            for (var i = 0; i < (m * k) + (k * n); i++) memory[i] = (float)random.NextDouble();
            var a = turnA ? new Matrix(memory, k, m).Turned : new Matrix(memory, m, k);
            var b = turnB ? new Matrix(memory + (m * k), n, k).Turned : new Matrix(memory + (m * k), k, n);
            var c = new Matrix(memory + (m * k) + (k * n), m, n);
            var scratch = c.Pointer + (m * n);
            var work = 2.0 * m * n * k;
            var repeats = (int)Math.Max(1, (set.Name == "Scalar" ? 2e8 : 4e9) / work);
            var best = 0.0;
            for (var round = 0; round < 5; round++)
            {
                var before = Process.GetCurrentProcess().UserProcessorTime;
                for (var i = 0; i < repeats; i++) set.Multiply(a, b, c, add: false, scratch);
                var seconds = (Process.GetCurrentProcess().UserProcessorTime - before).TotalSeconds;
                best = Math.Max(best, work * repeats / seconds / 1e9);
            }

            return best;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }
}
