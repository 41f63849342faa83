using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Xunit;

namespace MerchantStudio.Tests.Kit;

public sealed class KitTests
{
    [Theory]
    [InlineData(PageState.Loading, "skeleton")]
    [InlineData(PageState.Problem, "problem")]
    public async Task A_page_that_is_not_ready_shows_its_state_and_not_its_content(PageState state, string css)
    {
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Page(state));
        Assert.NotNull(page.QuerySelector("." + css));
        Assert.DoesNotContain("the content", page.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ready_page_says_its_answer_first()
    {
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Page(PageState.Ready));
        Assert.Equal("the answer", page.QuerySelector("h1")!.TextContent.Trim());
        Assert.Contains("the content", page.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "5 Nov 2026")]
    [InlineData("zh-CN", "2026年11月5日")]
    public async Task A_day_is_written_as_the_page_writes_days_and_no_day_by_its_meaning(string language, string shown)
    {
        var former = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            using var host = ComponentHost.Create();
            var page = await host.RenderAsync(Day(new DateOnly(2026, 11, 5)));
            Assert.Equal(shown, page.QuerySelector(".date-shown")!.TextContent);
            Assert.Equal("2026-11-05", page.QuerySelector("input")!.GetAttribute("value"));
            page = await host.RenderAsync(Day(null));
            Assert.Equal("no end", page.QuerySelector(".date-shown.none")!.TextContent);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = former;
        }

        static RenderFragment Day(DateOnly? day) => builder =>
        {
            builder.OpenComponent<DateField>(0);
            builder.AddComponentParameter(1, nameof(DateField.Value), day);
            builder.AddComponentParameter(2, nameof(DateField.Placeholder), "no end");
            builder.CloseComponent();
        };
    }

    [Fact]
    public async Task A_sentence_marks_what_its_template_marks_and_encodes_what_comes_from_data()
    {
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(builder =>
        {
            builder.OpenComponent<Say>(0);
            builder.AddComponentParameter(1, nameof(Say.Text), "Sold **{0}** of {1}.");
            builder.AddComponentParameter(2, nameof(Say.Args), new object?[] { "**<i>7</i>**", "9" });
            builder.CloseComponent();
        });
        Assert.Equal("**<i>7</i>**", page.QuerySelector("strong")!.TextContent);
        Assert.Null(page.QuerySelector("i"));
    }

    [Fact]
    public async Task A_button_with_a_reason_cannot_be_pressed_and_says_why()
    {
        var pressed = 0;
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(builder =>
        {
            builder.OpenComponent<Button>(0);
            builder.AddComponentParameter(1, nameof(Button.Reason), "Only an owner can.");
            builder.AddComponentParameter(2, nameof(Button.OnClick), EventCallback.Factory.Create<MouseEventArgs>(this, () => pressed++));
            builder.CloseComponent();
        });
        var button = page.QuerySelector("button")!;
        Assert.Equal("true", button.GetAttribute("aria-disabled"));
        Assert.Equal("Only an owner can.", page.QuerySelector("#" + button.GetAttribute("aria-describedby"))!.TextContent);
        await host.ClickAsync(0);
        Assert.Equal(0, pressed);
    }

    [Fact]
    public async Task Every_field_has_a_label_that_belongs_to_it()
    {
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(builder =>
        {
            builder.OpenComponent<TextField>(0);
            builder.AddComponentParameter(1, nameof(TextField.Label), "Name");
            builder.AddComponentParameter(2, nameof(TextField.Error), "Too long");
            builder.CloseComponent();
        });
        var input = page.QuerySelector("input")!;
        Assert.Equal(input.Id, page.QuerySelector("label")!.GetAttribute("for"));
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.Equal("Too long", page.QuerySelector("#" + input.GetAttribute("aria-describedby"))!.TextContent);
    }

    [Theory]
    [InlineData("1", "1 day left, 7 rows")]
    [InlineData("3", "3 days left, 7 rows")]
    public void A_word_goes_with_its_number(string days, string expected) =>
        Assert.Equal(expected, Texts.Fill("{0} {0|day|days} left, {1} {1|row|rows}", days, 7));

    private static RenderFragment Page(PageState state) => builder =>
    {
        builder.OpenComponent<PageFrame>(0);
        builder.AddComponentParameter(1, nameof(PageFrame.Title), "Page");
        builder.AddComponentParameter(2, nameof(PageFrame.State), state);
        builder.AddComponentParameter(3, nameof(PageFrame.Problem), new Problem("test.problem", "It went wrong."));
        builder.AddComponentParameter(4, nameof(PageFrame.Answer), (RenderFragment)(answer => answer.AddContent(0, "the answer")));
        builder.AddComponentParameter(5, nameof(PageFrame.ChildContent), (RenderFragment)(content => content.AddContent(0, "the content")));
        builder.CloseComponent();
    };
}
