namespace MerchantStudio.Core.Demo.Generator;

/// <summary>Exponential and power by additions and products alone: IEEE arithmetic gives the same bits everywhere, the C library's functions need not.</summary>
internal static class SteadyMath
{
    private const double Ln2 = 0.6931471805599453;

    public static double Exp(double x)
    {
        var halvings = (int)Math.Floor(x / Ln2 + 0.5);
        var rest = x - halvings * Ln2;
        var sum = 1.0;
        var term = 1.0;
        for (var i = 1; i <= 16; i++)
        {
            term = term * rest / i;
            sum += term;
        }
        return sum * Math.ScaleB(1.0, halvings);
    }

    /// <summary>Natural logarithm of a positive number, by the series of atanh.</summary>
    public static double Log(double x)
    {
        var halvings = 0;
        while (x > 1.5) { x /= 2; halvings++; }
        while (x < 0.75) { x *= 2; halvings--; }
        var y = (x - 1) / (x + 1);
        var sum = 0.0;
        var power = y;
        for (var i = 1; i <= 31; i += 2)
        {
            sum += power / i;
            power = power * y * y;
        }
        return 2 * sum + halvings * Ln2;
    }

    public static double Power(double value, double exponent) => Exp(exponent * Log(value));
}
