using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Recognition;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>The first rows are shown as the import reads them.</summary>
public sealed class PreviewReaderTests
{
    private static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");

    [Fact]
    public void An_orders_first_row_speaks_for_its_other_rows_and_no_other_order()
    {
        var reader = new PreviewReader(Mapping(true, ColumnRole.OrderId, ColumnRole.Timestamp, ColumnRole.Price), Vienna);
        Assert.Equal(["#1", "2026-03-02 11:20", "5"], reader.Read(["#1", "2026-03-02 10:20:30 +0000", "5"]));
        Assert.Equal(["#1", "2026-03-02 11:20", ""], reader.Read(["#1", "", ""]));
        Assert.Equal(["#2", "", "7"], reader.Read(["#2", "", "7"]));
    }

    [Fact]
    public void Nothing_is_taken_from_above_where_the_import_does_not()
    {
        var reader = new PreviewReader(Mapping(false, ColumnRole.OrderId, ColumnRole.Timestamp), Vienna);
        reader.Read(["#1", "2026-03-02"]);
        Assert.Equal(["#1", ""], reader.Read(["#1", ""]));
    }

    [Theory]
    [InlineData("1511544070", "2017-11-24 18:21")]
    [InlineData("2026-03-02", "2026-03-02")]
    [InlineData("someday", "someday")]
    public void Times_are_shown_as_they_are_understood(string written, string shown) =>
        Assert.Equal([shown], new PreviewReader(Mapping(false, ColumnRole.Timestamp), Vienna).Read([written]));

    [Theory]
    [InlineData("=\"330001\"", "330001")]
    [InlineData("'13800000", "13800000")]
    [InlineData(" 茶 ", "茶")]
    public void Wrappers_for_spreadsheets_are_taken_off(string written, string shown) =>
        Assert.Equal([shown], new PreviewReader(Mapping(false, ColumnRole.OrderId), Vienna).Read([written]));

    private static ImportMapping Mapping(bool fillDown, params ImmutableArray<ColumnRole> roles) =>
        new() { Kind = DatasetKind.Orders, FillDown = fillDown, Columns = [.. roles.Select(role => new MappedColumn(role.ToString(), role))] };
}
