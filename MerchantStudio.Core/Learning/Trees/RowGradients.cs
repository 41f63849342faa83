namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Every training row's derivatives as whole numbers, filled anew for each tree.</summary>
internal sealed unsafe class RowGradients(int rows, int threads)
{
    private const int BlockRows = 16_384;

    private readonly PinnedArray<GradientSums> _pairs = new(rows);

    public GradientScale Scale { get; private set; }

    public GradientSums* Pairs => _pairs.Pointer;

    public void Fill(ReadOnlyMemory<float> gradients, ReadOnlyMemory<float> hessians)
    {
        var blocks = (rows + BlockRows - 1) / BlockRows;
        var largest = new (float Gradient, float Hessian)[blocks];
        Work.ForEach(blocks, rows, threads, block => largest[block] = (Largest(Part(gradients, block)), Largest(Part(hessians, block))));
        var scale = new GradientScale(rows, largest.Max(pair => pair.Gradient), largest.Max(pair => pair.Hessian));
        Scale = scale;
        Work.ForEach(blocks, rows, threads, block =>
        {
            var g = Part(gradients, block);
            var h = Part(hessians, block);
            var pairs = _pairs.Span.Slice(block * BlockRows, g.Length);
            for (var row = 0; row < pairs.Length; row++) pairs[row] = scale.Of(g[row], h[row]);
        });
    }

    private ReadOnlySpan<float> Part(ReadOnlyMemory<float> values, int block) => values.Span.Slice(block * BlockRows, Math.Min(BlockRows, rows - (block * BlockRows)));

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
