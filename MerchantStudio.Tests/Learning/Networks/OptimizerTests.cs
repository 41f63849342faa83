using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Networks;
using Xunit;

namespace MerchantStudio.Tests.Learning.Networks;

public sealed unsafe class OptimizerTests
{
    public static TheoryData<string> Sets => [.. KernelSet.All.Select(set => set.Name)];

    [Fact]
    public void Sgd_goes_on_in_the_direction_of_its_last_step()
    {
        // v: 1, 0.9 + 2 = 2.9; w: 1 - 0.1 = 0.9, 0.9 - 0.29 = 0.61
        var world = new World(new OptimizerOptions(OptimizerKind.Sgd, Rate: 0.1));
        Assert.Equal(0.9, world.Step(1), 1e-6);
        Assert.Equal(0.61, world.Step(2), 1e-6);
    }

    [Fact]
    public void A_penalty_pulls_weights_but_not_biases()
    {
        // g = 0 + 0.5 * 1; w = 1 - 0.1 * 0.5
        var world = new World(new OptimizerOptions(OptimizerKind.Sgd, Rate: 0.1, Decay: 0.5));
        Assert.Equal(0.95, world.Step(0), 1e-6);
        Assert.Equal(1, world.Bias);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Adam_s_steps_are_those_of_the_paper(string set)
    {
        // Step 1: m̂ = 0.5, v̂ = 0.25, w = 1 - 0.1 * 0.5 / 0.5. Step 2, g = -1: m = 0.9 * 0.05 - 0.1 = -0.055, m̂ = -0.055 / 0.19 = -0.2894737,
        // v = 0.999 * 0.00025 + 0.001 = 0.00124975, v̂ = 0.00124975 / 0.001999 = 0.6251876, w = 0.9 + 0.1 * 0.2894737 / 0.7906881 = 0.9366104.
        var world = new World(new OptimizerOptions(Rate: 0.1), set);
        Assert.Equal(0.9, world.Step(0.5f), 1e-6);
        Assert.Equal(0.9366104, world.Step(-1), 2e-6);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Adam_w_s_decay_does_not_pass_through_the_means(string set)
    {
        // w = 1 * (1 - 0.1 * 0.2) - 0.1 * 1 whatever the size of the gradient; plain Adam would only change the size that it divides by.
        Assert.Equal(0.88, new World(new OptimizerOptions(OptimizerKind.AdamW, Rate: 0.1, Decay: 0.2), set).Step(3), 1e-6);
        Assert.Equal(0.9, new World(new OptimizerOptions(OptimizerKind.Adam, Rate: 0.1, Decay: 0.2), set).Step(3), 1e-6);
    }

    [Fact]
    public void Epsilon_is_added_after_the_correction_as_in_the_paper()
    {
        // g = 1e-3, ε = 1e-3: w = 1 - 0.1 * 1e-3 / (1e-3 + 1e-3) = 0.95
        Assert.Equal(0.95, new World(new OptimizerOptions(Rate: 0.1, Epsilon: 1e-3)).Step(1e-3f), 1e-6);
    }

    [Fact]
    public void Only_touched_rows_of_a_lazy_table_move_and_age()
    {
        var parameters = new Parameters();
        var table = parameters.Table("t", 5, 4, 1, lazy: true);
        parameters.Begin(1);
        var before = parameters.Span.ToArray();
        var optimizer = Optimizer.Create(parameters, KernelSet.Best, new OptimizerOptions(Rate: 0.1));
        var gradients = new Gradients(parameters);
        for (var step = 0; step < 2; step++)
        {
            gradients.Clear();
            foreach (var row in step == 0 ? (int[])[3, 1] : [1]) new Span<float>(gradients.Tables[0].Row(row), 4).Fill(0.5f);
            optimizer.Step(gradients);
        }

        // Row 3 took step 1 alone; row 1 the same step twice: with equal gradients every step of Adam is the rate.
        for (var column = 0; column < 4; column++)
        {
            Assert.Equal(before[column], parameters.Values[column]);
            Assert.Equal(before[(2 * 4) + column], parameters.Values[(2 * 4) + column]);
            Assert.Equal(before[(3 * 4) + column] - 0.1, parameters.Values[(3 * 4) + column], 1e-5);
            Assert.Equal(before[4 + column] - 0.2, parameters.Values[4 + column], 1e-5);
            Assert.Equal(0.05, optimizer.Memory[0].Span[table.Offset + (3 * 4) + column], 1e-6);
        }
    }

    [Fact]
    public void A_lazy_table_gathers_the_rows_that_a_dense_one_gathers()
    {
        var rows = Enumerable.Range(0, 2).Select(lazy =>
        {
            var parameters = new Parameters();
            var layer = new Embedding(parameters, "e", 600, 3, lazy: lazy == 1);
            parameters.Begin(1);
            var pass = new Pass(parameters, KernelSet.Best);
            pass.Begin(training: true, 1);
            var x = pass.New(1, 1_000, 1);
            for (var i = 0; i < x.Length; i++) x.Pointer[i] = i * 7 % 601;
            layer.Forward(pass, x);
            var dy = pass.New(1, 1_000, 3);
            for (var i = 0; i < dy.Length; i++) dy.Pointer[i] = i;
            layer.Backward(pass, dy);
            return Enumerable.Range(0, 601).Select(row => new Span<float>(pass.GradientRow(layer.Table, row), 3).ToArray()).ToArray();
        }).ToArray();
        Assert.Equal(rows[0], rows[1]);
    }

    [Fact]
    public void A_long_gradient_is_shortened_over_all_parameters_together()
    {
        var parameters = new Parameters();
        parameters.Weight("w", 1, 2);
        parameters.Table("t", 3, 2, 1, lazy: true);
        parameters.Begin(1);
        var optimizer = Optimizer.Create(parameters, KernelSet.Best, new OptimizerOptions());
        var gradients = new Gradients(parameters);
        gradients.Dense[0] = 2;
        gradients.Dense[1] = 4;
        gradients.Tables[0].Row(2)[1] = 4;
        Assert.Equal(6, optimizer.Clip(gradients, 7), 1e-6);
        Assert.Equal(4, gradients.Dense[1]);
        Assert.Equal(6, optimizer.Clip(gradients, 3), 1e-6);
        Assert.Equal((1f, 2f, 2f), (gradients.Dense[0], gradients.Dense[1], gradients.Tables[0].Row(2)[1]));
    }

    [Fact]
    public void Schedules_follow_their_formulas()
    {
        Assert.Equal(1, new ConstantRate().Factor(1_000));
        Assert.Equal([1, 1, 0.5, 0.5, 0.25], Enumerable.Range(0, 5).Select(step => new SteppedRate(2, 0.5).Factor(step)));
        var cosine = new CosineRate(100, Least: 0.1);
        Assert.Equal(1, cosine.Factor(0));
        Assert.Equal(0.55, cosine.Factor(50), 1e-12);
        Assert.Equal(0.1, cosine.Factor(100), 1e-12);
        Assert.Equal(0.1, cosine.Factor(500), 1e-12);
        var warmUp = new WarmUpRate(4, new SteppedRate(1, 0.5));
        Assert.Equal([0.25, 0.5, 0.75, 1, 1, 0.5], Enumerable.Range(0, 6).Select(step => warmUp.Factor(step)));
    }

    [Fact]
    public void The_schedule_scales_each_step()
    {
        var world = new World(new OptimizerOptions(OptimizerKind.Sgd, Rate: 0.1, Momentum: 0, Schedule: new SteppedRate(1, 0.5)));
        Assert.Equal(0.9, world.Step(1), 1e-6);
        Assert.Equal(0.85, world.Step(1), 1e-6);
    }

    /// <summary>Nineteen weights of 1 that share a gradient, so that whole vectors and what is left over are both seen, and a bias of 1 with none.</summary>
    private sealed class World
    {
        private readonly Parameters _parameters = new();
        private readonly Parameter _weight;
        private readonly Parameter _bias;
        private readonly Gradients _gradients;
        private readonly Optimizer _optimizer;

        public World(OptimizerOptions options, string? set = null)
        {
            _weight = _parameters.Weight("w", 1, 19);
            _bias = _parameters.Row("b", 1, 1);
            _parameters.Begin(1);
            _parameters.Span.Fill(1);
            _gradients = new Gradients(_parameters);
            _optimizer = Optimizer.Create(_parameters, set is null ? KernelSet.Best : KernelSet.All.Single(kernels => kernels.Name == set), options);
        }

        public double Bias => _parameters.Values[_bias.Offset];

        public double Step(float gradient)
        {
            _gradients.Clear();
            new Span<float>(_gradients.Dense + _weight.GradientOffset, 19).Fill(gradient);
            _optimizer.Step(_gradients);
            Assert.Equal(_parameters.Values[0], _parameters.Values[18], 1e-6);
            return _parameters.Values[0];
        }
    }
}
