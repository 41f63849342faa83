namespace MerchantStudio.Core.Learning.Gaussian;

/// <summary>constant + linear · z + z' quadratic z.</summary>
/// <param name="Quadratic">Symmetric, by inputs and inputs; one row where no input is coupled with another; 0 by 0 where there is none.</param>
internal sealed record Discriminant(double Constant, double[] Linear, double[,] Quadratic)
{
    /// <summary>What an input adds: what two inputs add together is halved between them.</summary>
    /// <param name="z">One row's inputs.</param>
    public double Contribution(ReadOnlySpan<double> z, int input)
    {
        var slope = Linear[input];
        if (Quadratic.GetLength(0) == 1) slope += Quadratic[0, input] * z[input];
        else for (var other = 0; other < Quadratic.GetLength(0); other++) slope += Quadratic[input, other] * z[other];
        return z[input] * slope;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Constant);
        foreach (var slope in Linear) writer.Write(slope);
        writer.Write(Quadratic.GetLength(0));
        foreach (var curve in Quadratic) writer.Write(curve);
    }

    public static Discriminant Read(BinaryReader reader, int inputs)
    {
        var constant = reader.ReadDouble();
        var linear = new double[inputs];
        for (var i = 0; i < inputs; i++) linear[i] = reader.ReadDouble();
        var height = reader.ReadInt32();
        var quadratic = new double[height, height == 0 ? 0 : inputs];
        for (var i = 0; i < height; i++)
        {
            for (var j = 0; j < inputs; j++) quadratic[i, j] = reader.ReadDouble();
        }

        return new Discriminant(constant, linear, quadratic);
    }
}
