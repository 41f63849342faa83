using System.Globalization;

namespace MerchantStudio.Core.Demo.Generator;

/// <summary>Contact data that nobody can mistake for a person's: a reserved mail domain and a number that no network has.</summary>
internal static class CustomerRow
{
    private static readonly string[] Given = ["Ada", "Bela", "Cleo", "Dario", "Edda", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Klara", "Levin", "Mira", "Nils", "Olga", "Paula", "Quentin", "Rosa", "Simon", "Tilda"];
    private static readonly string[] Family = ["Muster", "Beispiel", "Probe", "Sample", "Demo", "Platzhalter", "Vorlage", "Example"];
    private static readonly string[] ChineseFamily = ["示例", "样本", "演示", "虚构"];
    private static readonly string[] ChineseGiven = ["小林", "小雨", "小梅", "小舟", "小云", "小山", "小禾", "小竹", "小川", "小月"];

    public static object?[] Of(Shopper shopper, long firstSeen, SteadyRandom random)
    {
        var name = shopper.WritesChinese ? random.Pick(ChineseFamily) + random.Pick(ChineseGiven) : $"{random.Pick(Given)} {random.Pick(Family)}";
        var female = random.Chance(0.68);
        return
        [
            shopper.Id, name, $"{shopper.Id}@example.test", string.Create(CultureInfo.InvariantCulture, $"+00 000 {shopper.Number + 1001:0000000}"),
            shopper.Place.Country, shopper.Place.City, random.Chance(0.6) ? female ? "female" : "male" : null,
            random.Chance(0.55) ? (long)random.Between(1950, 2006) : null, firstSeen, random.Chance(0.64) ? "yes" : "no",
        ];
    }
}
