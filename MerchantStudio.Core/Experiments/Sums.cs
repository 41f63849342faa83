namespace MerchantStudio.Core.Experiments;

/// <summary>All that a mean and its error need of one arm. Sums of parts add up, and SQL can deliver them: count(*), sum(y), sum(y * y).</summary>
/// <param name="People">Everyone assigned, also those without any outcome (they add 0).</param>
public readonly record struct Sums(long People, double Sum, double Squares)
{
    public double Mean => Sum / People;

    /// <summary>Of the sample, divided by n - 1; NaN below two people.</summary>
    public double Variance => People < 2 ? double.NaN : Math.Max(0, (Squares - (Sum * Sum / People)) / (People - 1));

    public Sums Add(double value) => new(People + 1, Sum + value, Squares + (value * value));

    /// <summary>Of a share: each who did counts 1.</summary>
    public static Sums OfShare(long did, long people) => new(people, did, did);

    public static Sums operator +(Sums left, Sums right) => new(left.People + right.People, left.Sum + right.Sum, left.Squares + right.Squares);
}

/// <summary>Sums of two values a person: of an outcome Y and what it is read beside, X (the time before, or what it is divided by).</summary>
public readonly record struct PairSums(long People, double X, double Y, double XX, double YY, double XY)
{
    public Sums OfX => new(People, X, XX);

    public Sums OfY => new(People, Y, YY);

    /// <summary>Sum of products of the distances from the two means.</summary>
    public double Cross => XY - (X * Y / People);

    /// <summary>Of the sample, divided by n - 1.</summary>
    public double Covariance => People < 2 ? double.NaN : Cross / (People - 1);

    public PairSums Add(double x, double y) => new(People + 1, X + x, Y + y, XX + (x * x), YY + (y * y), XY + (x * y));

    public static PairSums operator +(PairSums a, PairSums b) => new(a.People + b.People, a.X + b.X, a.Y + b.Y, a.XX + b.XX, a.YY + b.YY, a.XY + b.XY);
}
