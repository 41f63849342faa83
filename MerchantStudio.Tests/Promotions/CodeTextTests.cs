using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

public sealed class CodeTextTests
{
    private const string Letters = "abIiLlOo0189zZ- \t\u00a0\u3000\u200b\ufeffßéıſKΩ中Ｉ🎟";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(" win-ol1i ", "W1N-0111")]
    [InlineData("spr\u00a0ing\u300026", "SPR1NG26")]
    [InlineData("\t\v\r\n", "")]
    [InlineData("éß中", "éß中")]
    public void A_code_is_read_as_it_may_be_typed(string typed, string read) => Assert.Equal(read, CodeText.Normalise(typed));

    /// <summary>Uses are counted by the one and redeemed by the other: a text that both read differently would be a use that is never counted.</summary>
    [Fact]
    public async Task The_warehouse_reads_every_text_as_the_studio_does()
    {
        await using var world = new WarehouseWorld();
        var random = new SeededRandom(7);
        var runes = Letters.EnumerateRunes().ToArray();
        var texts = Enumerable.Range(1, 0xFFFF).Where(letter => letter is < 0xD800 or > 0xDFFF).Select(letter => $"a{(char)letter}i")
            .Concat(Enumerable.Range(0, 2_000).Select(_ => string.Concat(Enumerable.Range(0, random.NextInt(15)).Select(_ => runes[random.NextInt(runes.Length)].ToString()))))
            .Append("").Append("   ").Append(CodeText.New("WIN").ToLowerInvariant()).ToArray();
        var warehouse = await world.OpenAsync();
        await using var session = await warehouse.BeginAsync(Now);
        await session.ExecuteAsync("create temp table typed (place bigint, coupon_code varchar)", [], Now);
        using (var rows = session.Append("typed"))
        {
            for (var place = 0; place < texts.Length; place++)
            {
                rows.Long(0, place);
                rows.Text(1, texts[place]);
                rows.EndRow();
            }

            rows.Complete();
        }

        var read = await session.QueryAsync($"select {CodeText.Sql("coupon_code")} from typed order by place", row => row.Text(0), [], Now);
        Assert.Empty(texts.Zip(read).Where(pair => CodeText.Normalise(pair.First) != pair.Second).Take(10));
        Assert.Equal(texts.Length, read.Length);
    }
}
