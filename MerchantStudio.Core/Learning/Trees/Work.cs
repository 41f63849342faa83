namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Deals independent parts out to threads; small work stays on the caller's.</summary>
internal static class Work
{
    private const long LeastForThreads = 50_000;

    /// <param name="size">Roughly how many elements all parts touch together.</param>
    public static void ForEach(int parts, long size, int threads, Action<int> part)
    {
        if (threads > 1 && parts > 1 && size >= LeastForThreads)
        {
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part);
            return;
        }

        for (var i = 0; i < parts; i++) part(i);
    }
}
