using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>y = x W + b.</summary>
internal sealed unsafe class Linear(Parameters parameters, string name, int inputs, int outputs) : Layer
{
    private readonly Parameter _weight = parameters.Weight($"{name}.weight", inputs, outputs);
    private readonly Parameter _bias = parameters.Row($"{name}.bias", outputs, 0);

    public override Tensor Forward(Pass pass, Tensor x)
    {
        var y = pass.New(x.Batch, x.Time, outputs);
        pass.Multiply(x.Matrix, pass.Weight(_weight), y.Matrix, add: false);
        pass.Kernels.AddToRows(pass.Value(_bias), y.Pointer, y.Rows, outputs);
        pass.Keep(x);
        return y;
    }

    public override Tensor Backward(Pass pass, Tensor dy)
    {
        var x = pass.Recall();
        pass.Multiply(x.Matrix.Turned, dy.Matrix, pass.WeightGradient(_weight), add: true);
        pass.Kernels.AddRowSums(dy.Pointer, pass.Gradient(_bias), dy.Rows, outputs);
        var dx = pass.New(x.Batch, x.Time, inputs);
        pass.Multiply(dy.Matrix, pass.Weight(_weight).Turned, dx.Matrix, add: false);
        return dx;
    }

    public override string ToOnnx(LayerGraph graph, string x) => graph.Graph.Add("Add", graph.Graph.Add("MatMul", x, graph.Weight(_weight)), graph.Row(_bias));

    /// <summary>Numbers of the weight, inputs by outputs, and of the bias.</summary>
    public (float[] Weight, float[] Bias) Read(LayerGraph graph) => (graph.Read(_weight), graph.Read(_bias));
}
