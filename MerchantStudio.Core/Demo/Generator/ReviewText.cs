using System.Text;

namespace MerchantStudio.Core.Demo.Generator;

/// <summary>A small grammar of reviews: aspects told well or badly, negations both ways, facts that say nothing, and a "but" in mixed ones.</summary>
internal static class ReviewText
{
    public static (string Title, string Text) Write(SteadyRandom random, Product product, Feeling feeling, bool chinese)
    {
        var words = chinese ? ReviewWords.Chinese : ReviewWords.English;
        var noun = chinese ? product.ChineseNoun : product.Noun;
        var parts = new List<string>();
        if (random.Chance(0.35)) parts.Add(random.Pick(words.Facts));
        parts.AddRange(feeling switch
        {
            Feeling.Neutral => Mixed(random, words),
            _ => OneSided(random, words, feeling == Feeling.Positive),
        });
        if (random.Chance(0.25)) parts.Insert(random.Below(parts.Count + 1), random.Pick(words.Facts));
        if (random.Chance(0.45)) parts.Add(random.Pick(feeling switch { Feeling.Positive => words.GladEnds, Feeling.Negative => words.SourEnds, _ => words.PlainEnds }));
        var text = new StringBuilder();
        foreach (var part in parts.Distinct())
        {
            if (text.Length > 0 && !chinese) text.Append(' ');
            text.Append(part.Replace("{noun}", noun, StringComparison.Ordinal));
        }
        return (Title(random, words, feeling), text.ToString());
    }

    private static string Title(SteadyRandom random, ReviewWords words, Feeling feeling)
    {
        // A third give a title that says nothing either way.
        if (random.Chance(0.34)) return random.Pick(words.PlainTitles);
        return random.Pick(feeling switch { Feeling.Positive => words.GladTitles, Feeling.Negative => words.SourTitles, _ => words.PlainTitles });
    }

    private static List<string> OneSided(SteadyRandom random, ReviewWords words, bool glad)
    {
        var aspects = Aspects(random, words, random.Between(1, 3));
        var parts = aspects.ConvertAll(aspect => random.Pick(glad ? aspect.Good : aspect.Bad));
        if (random.Chance(0.2))
        {
            var other = random.Pick(words.Aspects);
            var aside = random.Pick(glad ? other.Bad : other.Good);
            parts.Add(random.Pick(glad ? words.SmallComplaint : words.SmallPraise).Replace("{aside}", words.Clause(aside), StringComparison.Ordinal));
        }
        if (!glad && random.Chance(0.05)) parts.Insert(0, random.Pick(words.Sarcasm));
        return parts;
    }

    private static List<string> Mixed(SteadyRandom random, ReviewWords words)
    {
        var aspects = Aspects(random, words, 2);
        if (random.Chance(0.45)) return aspects.ConvertAll(aspect => random.Pick(aspect.Plain));
        var first = random.Chance(0.5);
        var good = random.Pick(aspects[0].Good);
        var bad = random.Pick(aspects[1].Bad);
        return [first ? words.Join(good, bad) : words.Join(bad, good), .. random.Chance(0.4) ? [random.Pick(random.Pick(words.Aspects).Plain)] : Array.Empty<string>()];
    }

    private static List<ReviewAspect> Aspects(SteadyRandom random, ReviewWords words, int count)
    {
        var picked = new List<ReviewAspect>();
        while (picked.Count < count)
        {
            var aspect = random.Pick(words.Aspects);
            if (!picked.Contains(aspect)) picked.Add(aspect);
        }
        return picked;
    }
}
