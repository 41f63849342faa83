namespace MerchantStudio.Core.Learning.Networks;

/// <summary>How the learning rate moves in the course of a training.</summary>
public abstract record RateSchedule
{
    /// <summary>What the rate is multiplied by.</summary>
    /// <param name="step">Steps taken before this one, from 0.</param>
    public abstract double Factor(long step);
}

public sealed record ConstantRate : RateSchedule
{
    public override double Factor(long step) => 1;
}

/// <summary>Falls to <paramref name="Share"/> of what it was after each <paramref name="Every"/> steps.</summary>
public sealed record SteppedRate(long Every, double Share) : RateSchedule
{
    public override double Factor(long step) => Math.Pow(Share, step / Every);
}

/// <summary>Half a cosine wave from 1 down to <paramref name="Least"/> in <paramref name="Steps"/> steps, constant after them.</summary>
/// <remarks>Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, ICLR 2017, without the restarts.</remarks>
public sealed record CosineRate(long Steps, double Least = 0) : RateSchedule
{
    public override double Factor(long step) => Least + ((1 - Least) * (1 + Math.Cos(Math.PI * Math.Min(step, Steps) / Steps)) / 2);
}

/// <summary>Rises evenly to the full rate in <paramref name="Steps"/> steps, then follows another schedule from its beginning.</summary>
/// <remarks>Goyal and others, Accurate, large minibatch SGD, 2017.</remarks>
public sealed record WarmUpRate(long Steps, RateSchedule Then) : RateSchedule
{
    public override double Factor(long step) => step < Steps ? (step + 1.0) / Steps : Then.Factor(step - Steps);
}
