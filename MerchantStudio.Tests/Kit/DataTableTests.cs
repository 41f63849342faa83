using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using MerchantStudio.Components.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Xunit;

namespace MerchantStudio.Tests.Kit;

public sealed class DataTableTests
{
    private static readonly Row[] Rows = [new("Linen", 12, 7.5m), new("=Wool, grey", 3, 120m), new("<b>Silk</b>", 40, 64.25m)];

    [Fact]
    public async Task Rows_stand_in_the_order_of_the_sorted_column_and_turn_with_its_head()
    {
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Table(Rows));
        Assert.Equal(["<b>Silk</b>", "Linen", "=Wool, grey"], Cells(page, 0));
        page = await host.ClickAsync(SortHead(1));
        Assert.Equal(["=Wool, grey", "Linen", "<b>Silk</b>"], Cells(page, 0));
    }

    [Fact]
    public async Task The_filter_leaves_what_holds_the_letters()
    {
        using var host = ComponentHost.Create();
        await host.RenderAsync(Table(Rows));
        var page = await host.RaiseAsync("oninput", 0, new ChangeEventArgs { Value = "wool" });
        Assert.Equal(["=Wool, grey"], Cells(page, 0));
    }

    [Fact]
    public async Task Names_from_data_are_text_and_never_markup()
    {
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Table(Rows));
        Assert.Empty(page.QuerySelectorAll("td b"));
    }

    [Fact]
    public async Task An_empty_table_says_so()
    {
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Table([]));
        Assert.Contains("Nothing here yet", page.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_a_hundred_rows_are_not_all_rendered()
    {
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Table([.. Enumerable.Range(0, 500).Select(number => new Row($"p{number}", number, 1))]));
        Assert.True(page.QuerySelectorAll("tbody tr").Length < 100);
    }

    [Fact]
    public async Task The_file_holds_the_columns_and_rows_of_the_screen_with_its_digits()
    {
        using var file = new MemoryStream();
        await TableCsv.WriteAsync(file, TimeZoneInfo.Utc, Columns, Rows.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        Assert.Equal("\uFEFFProduct,Sold,Price\r\nLinen,12,7.50\r\n\"'=Wool, grey\",3,120.00\r\n<b>Silk</b>,40,64.25\r\n", Encoding.UTF8.GetString(file.ToArray()));
    }

    private static int SortHead(int column) => 1 + column;

#pragma warning disable BL0005 // The columns are carriers of their parameters here; the table gets its own through the renderer.
    private static Column<Row>[] Columns =>
    [
        new() { Header = "Product", Text = row => row.Name, Sort = row => row.Name },
        new() { Header = "Sold", Text = row => row.Sold.ToString(CultureInfo.InvariantCulture), Csv = row => row.Sold, Sort = row => row.Sold, Number = true, SortedDescending = true },
        new() { Header = "Price", Text = row => row.Price.ToString("N2", CultureInfo.InvariantCulture), Csv = row => CsvCell.Number(row.Price, 2), Number = true },
    ];
#pragma warning restore BL0005

    private static List<string> Cells(IElement page, int column) => [.. page.QuerySelectorAll("tbody tr").Select(row => row.QuerySelectorAll("td")[column].TextContent.Trim())];

    private static RenderFragment Table(IReadOnlyList<Row> rows) => builder =>
    {
        builder.OpenComponent<DataTable<Row>>(0);
        builder.AddComponentParameter(1, nameof(DataTable<Row>.Title), "Products");
        builder.AddComponentParameter(2, nameof(DataTable<Row>.Items), rows);
        builder.AddComponentParameter(3, nameof(DataTable<Row>.FileName), "products");
        builder.AddComponentParameter(4, nameof(DataTable<Row>.ChildContent), (RenderFragment)Content);
        builder.CloseComponent();
    };

    private static void Content(RenderTreeBuilder builder)
    {
        foreach (var column in Columns)
        {
            builder.OpenComponent<Column<Row>>(0);
            builder.SetKey(column.Header);
            builder.AddComponentParameter(1, nameof(Column<Row>.Header), column.Header);
            builder.AddComponentParameter(2, nameof(Column<Row>.Text), column.Text);
            builder.AddComponentParameter(3, nameof(Column<Row>.Csv), column.Csv);
            builder.AddComponentParameter(4, nameof(Column<Row>.Sort), column.Sort);
            builder.AddComponentParameter(5, nameof(Column<Row>.Number), column.Number);
            builder.AddComponentParameter(6, nameof(Column<Row>.SortedDescending), column.SortedDescending);
            builder.CloseComponent();
        }
    }

    private sealed record Row(string Name, int Sold, decimal Price);
}
