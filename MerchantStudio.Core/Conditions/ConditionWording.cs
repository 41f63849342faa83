using System.Globalization;

namespace MerchantStudio.Core.Conditions;

/// <summary>The phrases of one language; {0} is the value, **…** what is strong.</summary>
internal abstract class ConditionWording
{
    public static ConditionWording English { get; } = new EnglishConditionWording();

    public static ConditionWording Chinese { get; } = new ChineseConditionWording();

    /// <summary>What is said of a shopper whose attribute fits, and of one whose does not.</summary>
    public abstract (string Does, string DoesNot) Attribute(string key);

    public abstract (string Does, string DoesNot) Known(string key);

    /// <summary>A flag that is true, and one that is false.</summary>
    public abstract (string Yes, string No) Flag(string key);

    /// <summary>What is said of a flag that is anything but this.</summary>
    public abstract string Otherwise { get; }

    /// <summary>What was done, and what was not, without times and window.</summary>
    public abstract (string Did, string DidNot) Event(string type);

    /// <summary>{0} the share, {1} the category.</summary>
    public abstract (string Does, string DoesNot) Interest { get; }

    public abstract (string Does, string DoesNot) Segment { get; }

    /// <summary>{0} how much, {1} of what.</summary>
    public abstract (string Does, string DoesNot) BasketHolds(BasketPart part);

    public abstract string Pieces(long pieces, CultureInfo culture);

    /// <summary>The time of day; the last hour is meant to its end.</summary>
    public abstract string Hours(ConditionOperator comparison, IReadOnlyList<long> hours);

    public abstract string Range(ConditionOperator comparison, IReadOnlyList<string> values);

    /// <summary>Empty where the deed alone says it.</summary>
    public abstract string Times(ConditionOperator comparison, int times, bool negated);

    public abstract string Window(int days);

    /// <summary>{0} is the category.</summary>
    public abstract string InCategory { get; }

    /// <summary>Puts an event's four pieces in the language's order.</summary>
    public abstract string EventOrder(string deed, string category, string times, string window);

    /// <summary>What stands before a part of a list; <paramref name="short"/> in a list of mere names.</summary>
    public abstract string Joint(bool and, int index, int count, bool @short);

    /// <summary>What stands around a list inside a list.</summary>
    public abstract (string Before, string After) Group(bool and, int depth);

    public abstract string Everybody { get; }

    public abstract string Nobody { get; }

    /// <summary>The words around the clause that make it a sentence about an audience.</summary>
    public abstract (string Before, string After) Audience { get; }

    public abstract string AllShoppers { get; }
}
