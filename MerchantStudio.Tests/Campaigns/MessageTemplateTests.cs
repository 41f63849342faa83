using System.Collections.Immutable;
using System.Text.Json;
using AngleSharp.Html.Parser;
using MerchantStudio.Core.Campaigns.Messages;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

public sealed class MessageTemplateTests
{
    private static readonly Dictionary<string, string> Values = new() { ["shopper.first_name"] = "Mei", ["code"] = "TEA-7K2", ["offer"] = "15 %", ["valid_until"] = "31 Dec", ["shop.name"] = "Lark & Linden" };
    private static readonly Uri WayOut = new("https://studio.example/u/abc");

    private static MessageTemplate English(string body, string subject = "Hello", string? button = null, string? link = null) => new(new MessageText(subject, body, button, link), null);

    private static RenderedMessage Render(MessageTemplate template, Dictionary<string, string>? values = null, string language = "en") =>
        MessageRenderer.Render(template.Parse().Value.In(language), values ?? Values, WayOut);

    [Fact]
    public void Tokens_are_filled_in_both_languages()
    {
        var template = new MessageTemplate(
            new MessageText("{{shopper.first_name|there}}, a gift", "Hello {{ shopper.first_name | there }},\n\nuse {{code}} for {{offer}} until {{valid_until}}.", "Shop now", "https://shop.example/?code={{code}}"),
            new MessageText("{{shopper.first_name|您好}}，送您一份礼物", "请使用 {{code}}，优惠 {{offer}}。"));
        var english = Render(template);
        Assert.Equal("Mei, a gift", english.Subject);
        Assert.Contains("use TEA-7K2 for 15 % until 31 Dec.", english.Text, StringComparison.Ordinal);
        Assert.Equal("https://shop.example/?code=TEA-7K2", english.ButtonLink);
        Assert.Equal("Mei，送您一份礼物", Render(template, language: "zh-CN").Subject);
        Assert.Equal("there, a gift", Render(template, new() { ["code"] = "A", ["offer"] = "B", ["valid_until"] = "C" }).Subject);
        Assert.Equal(template, MessageTemplate.FromJson(template.ToJson()));
    }

    [Theory]
    [InlineData("Hi {{shopper.password}}", "message.token-unknown", 1, 4)]
    [InlineData("Hi\n\n  {{Code}}", "message.token-unknown", 3, 3)]
    [InlineData("Hi\n{{code", "message.braces-open", 2, 1)]
    [InlineData("Hi {{co\nde}}", "message.braces-open", 1, 4)]
    [InlineData("Hi code}} you", "message.braces-open", 1, 8)]
    [InlineData("{{{code}}}", "message.braces-open", 1, 1)]
    [InlineData("one\ntwo <b>three</b>", "message.markup", 2, 5)]
    [InlineData("<img src=x onerror=alert(1)>", "message.markup", 1, 1)]
    [InlineData("<!-- x -->", "message.markup", 1, 1)]
    [InlineData("a &lt;script&gt; b", "message.markup", 1, 3)]
    [InlineData("x <script>alert(1)</script>", "message.script", 1, 3)]
    [InlineData("x < / SCRIPT >", "message.script", 1, 3)]
    [InlineData("go to JavaScript:alert(1)", "message.script", 1, 7)]
    [InlineData("data:text/html;base64,AAAA", "message.script", 1, 1)]
    [InlineData("a\u0000b", "message.control-letter", 1, 2)]
    [InlineData("{{code|<b>x</b>}}", "message.markup", 1, 8)]
    public void What_is_refused_is_named_with_its_place(string body, string code, int line, int column)
    {
        var problem = English(body).Parse().Problem!;
        Assert.Equal(code, problem.Code);
        Assert.Equal([line, column], problem.Arguments.OfType<int>().Take(2));
    }

    [Fact]
    public void An_unknown_token_names_those_that_there_are()
    {
        var message = English("{{name}}").Parse().Problem!.Message;
        Assert.Contains("'name'", message, StringComparison.Ordinal);
        Assert.All(MessageTokens.All, token => Assert.Contains("{{" + token + "}}", message, StringComparison.Ordinal));
        Assert.Equal("message.token-unknown", English("Hi", subject: "{{unsubscribe}}").Parse().Problem!.Code);
    }

    [Fact]
    public void Words_that_only_look_dangerous_may_be_written() =>
        Assert.True(English("Here is the data: 3 < 5 & more, {one} a->b, java script, 100% <3. R&D; fish&chips").Parse().Succeeded);

    [Theory]
    [InlineData("javascript:alert(1)", "message.script")]
    [InlineData("data:text/html,x", "message.script")]
    [InlineData("ftp://shop.example/", "message.link-invalid")]
    [InlineData("//shop.example/", "message.link-invalid")]
    [InlineData("shop.example", "message.link-invalid")]
    [InlineData("{{code}}", "message.link-invalid")]
    [InlineData("https://{{code}}.example/", "message.link-invalid")]
    [InlineData("https://shop.example{{code}}", "message.link-invalid")]
    [InlineData("https://me:you@shop.example/", "message.link-invalid")]
    [InlineData("https://shop.example/a b", "message.link-invalid")]
    [InlineData("https://shop.example\\@evil.example/", "message.link-invalid")]
    public void A_button_leads_to_a_written_out_host(string link, string code) => Assert.Equal(code, English("Hi", button: "Go", link: link).Parse().Problem!.Code);

    [Fact]
    public void A_button_needs_text_and_link_together()
    {
        Assert.Equal("message.empty", English("Hi", button: "Go").Parse().Problem!.Code);
        Assert.Equal("message.empty", English("Hi", link: "https://shop.example").Parse().Problem!.Code);
        Assert.True(English("Hi", button: "Go", link: "https://shop.example").Parse().Succeeded);
    }

    [Theory]
    [InlineData("a\r\nBcc: all@example.test")]
    [InlineData("a\nb")]
    [InlineData("a\tb")]
    public void A_subject_is_one_line(string subject) => Assert.Equal("message.control-letter", English("Hi", subject).Parse().Problem!.Code);

    [Fact]
    public void A_value_can_neither_begin_a_header_nor_become_markup()
    {
        var hostile = new Dictionary<string, string>(Values) { ["shopper.first_name"] = "<b>M</b>\r\nBcc: x\u202Eevil", ["code"] = "a b&c=d/../" };
        var message = Render(English("Hi {{shopper.first_name|you}} {{code}} {{shop.name}}", "For {{code}}\u2028", "Go", "https://shop.example/x?c={{code}}"), hostile);
        Assert.DoesNotContain(message.Subject, letter => char.IsControl(letter) || letter is '\u202E' or '\u2028');
        Assert.Equal("https://shop.example/x?c=a%20b%26c%3Dd%2F..%2F", message.ButtonLink);
        var page = new HtmlParser().ParseDocument(message.Html);
        Assert.Empty(page.QuerySelectorAll("b, script, img"));
        Assert.Contains("Lark & Linden", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Lark &amp; Linden", message.Html, StringComparison.Ordinal);
        Assert.Contains("Lark & Linden", message.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Win at https://evil.example")]
    [InlineData("www.evil.example")]
    [InlineData("a@evil.example")]
    public void A_name_that_is_an_address_is_left_out(string name) =>
        Assert.StartsWith("Hi there", Render(English("Hi {{shopper.first_name|there}}"), new() { ["shopper.first_name"] = name }).Text, StringComparison.Ordinal);

    [Fact]
    public void Every_message_has_a_way_out_once()
    {
        var written = Render(English("Hi.\n\nNo more: {{unsubscribe}}"));
        var added = Render(English("Hi."));
        Assert.Single(new HtmlParser().ParseDocument(written.Html).QuerySelectorAll("a"));
        foreach (var message in (RenderedMessage[])[written, added])
        {
            Assert.Equal(WayOut.AbsoluteUri, new HtmlParser().ParseDocument(message.Html).QuerySelector("a")!.GetAttribute("href"));
            Assert.Equal(2, message.Text.Split(WayOut.AbsoluteUri).Length);
        }

        Assert.Contains("退订", MessageRenderer.Render(new MessageTemplate(null, new MessageText("你好", "你好")).Parse().Value.In("en"), Values, WayOut).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_in_the_text_become_links_and_nothing_else_does()
    {
        var page = new HtmlParser().ParseDocument(Render(English("See https://shop.example/a?b=1&c=2. And ftp://x.example")).Html);
        Assert.Equal(["https://shop.example/a?b=1&c=2", WayOut.AbsoluteUri], page.QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void A_token_without_value_or_fallback_is_found_before_anything_is_sent()
    {
        var message = English("{{code}} {{offer|something}} {{unsubscribe}}").Parse().Value.In("en");
        Assert.Equal("code", MessageRenderer.Missing(message, ImmutableDictionary<string, string>.Empty));
        Assert.Null(MessageRenderer.Missing(message, Values));
    }

    [Fact]
    public void A_message_needs_one_language_at_least()
    {
        Assert.Equal("message.empty", new MessageTemplate(null, null).Parse().Problem!.Code);
        Assert.Equal("message.empty", English("  ").Parse().Problem!.Code);
        Assert.Equal("message.too-long", English("Hi", new string('x', 201)).Parse().Problem!.Code);
        Assert.Throws<JsonException>(() => MessageTemplate.FromJson("null"));

        // One language alone is a whole message.
        foreach (var one in (MessageTemplate[])[new(new MessageText("Hello", "There."), null), new(null, new MessageText("您好", "欢迎。"))]) Assert.Equal(one, MessageTemplate.FromJson(one.ToJson()));
    }
}
