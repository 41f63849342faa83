using MerchantStudio.Components.Kit;
using Microsoft.AspNetCore.Components;
using Xunit;

namespace MerchantStudio.Tests.Kit;

/// <summary>A number that cannot be taken leaves the value before in place, so nothing may be done by it unseen.</summary>
public sealed class FieldFaultsTests
{
    [Theory]
    [InlineData(ButtonKind.Primary, false, false)]
    [InlineData(ButtonKind.Secondary, true, false)]
    [InlineData(ButtonKind.Secondary, false, true)]
    public async Task A_button_that_acts_on_the_fields_waits_until_each_could_be_taken(ButtonKind kind, bool saves, bool goes)
    {
        var pressed = 0;
        using var host = ComponentHost.Create();
        await host.RenderAsync(Form(kind, saves, () => pressed++));
        var page = await host.RaiseAsync("onchange", 0, new ChangeEventArgs { Value = "0" });
        Assert.Contains("At least 1", page.TextContent, StringComparison.Ordinal);
        await host.ClickAsync(0);
        Assert.Equal(goes ? 1 : 0, pressed);

        await host.RaiseAsync("onchange", 0, new ChangeEventArgs { Value = "2" });
        await host.ClickAsync(0);
        Assert.Equal(goes ? 2 : 1, pressed);
    }

    [Theory]
    [InlineData(false, "2,599")]
    [InlineData(true, "2599")]
    public async Task A_number_that_names_something_has_no_separators(bool ungrouped, string written)
    {
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(builder =>
        {
            builder.OpenComponent<NumberField>(0);
            builder.AddComponentParameter(1, nameof(NumberField.Value), (decimal?)2599);
            builder.AddComponentParameter(2, nameof(NumberField.Ungrouped), ungrouped);
            builder.CloseComponent();
        });
        Assert.Equal(written, page.QuerySelector("input")!.GetAttribute("value"));
    }

    private static RenderFragment Form(ButtonKind kind, bool saves, Action press) => builder =>
    {
        builder.OpenComponent<PageFrame>(0);
        builder.AddComponentParameter(1, nameof(PageFrame.Title), "Codes");
        builder.AddComponentParameter(2, nameof(PageFrame.ChildContent), (RenderFragment)(inner =>
        {
            inner.OpenComponent<NumberField>(0);
            inner.AddComponentParameter(1, nameof(NumberField.Label), "How many");
            inner.AddComponentParameter(2, nameof(NumberField.Min), (decimal?)1);
            inner.CloseComponent();
            inner.OpenComponent<Button>(3);
            inner.AddComponentParameter(4, nameof(Button.Kind), kind);
            inner.AddComponentParameter(5, nameof(Button.Saves), saves);
            inner.AddComponentParameter(6, nameof(Button.OnClick), EventCallback.Factory.Create<Microsoft.AspNetCore.Components.Web.MouseEventArgs>(press.Target ?? press, press));
            inner.AddComponentParameter(7, nameof(Button.ChildContent), (RenderFragment)(text => text.AddContent(0, "Make them")));
            inner.CloseComponent();
        }));
        builder.CloseComponent();
    };
}
