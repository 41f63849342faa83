using System.Text;
using MerchantStudio.Core.Ingestion;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>A file that takes the place of all events takes the place of what files brought, and says so before.</summary>
public sealed class LiveReplacementTests
{
    [Fact]
    public async Task Live_events_stay_when_a_file_replaces_the_imported_ones_and_the_dry_run_says_how_many()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new { @event = "view", user_id = "live", item_id = "cup", message_id = "l1" });
        await world.SendAsync(new { @event = "view", user_id = "live", item_id = "tea", message_id = "l2" });
        await world.MoveAsync();
        var importer = world.Studio.Get<FileImporter>();
        await ImportAsync(importer, world, "ann,view,tea,2026-03-01T10:00:00Z\nbob,view,cup,2026-03-01T10:05:00Z\nbob,view,tea,2026-03-01T10:06:00Z\n");

        var replacement = await StageAsync(importer, world, "eve,view,tea,2026-03-02T10:00:00Z\n");
        var choices = new ImportChoices(ImportMode.Replace);
        var tried = (await importer.TryAsync(world.Scope, replacement.Id, replacement.Mapping, choices, null, LiveWorld.Now)).Value;
        Assert.Equal([("replaces", 3L), ("keeps_live", 2L)], tried.Notes.Select(note => (note.Code, note.Rows)));
        Assert.Equal(["ann", "bob", "live"], await world.RowsAsync("select distinct user_id from events order by 1"));

        Assert.True((await importer.ImportAsync(world.Scope, replacement.Id, replacement.Mapping, choices, LiveWorld.Now)).Succeeded);
        Assert.Equal(["eve", "live", "live"], await world.RowsAsync("select user_id from events order by 1"));
        Assert.True((await importer.UndoAsync(world.Scope, replacement.Id, LiveWorld.Now)).Succeeded);
        Assert.Equal(["ann", "bob", "bob", "live", "live"], await world.RowsAsync("select user_id from events order by 1"));
    }

    private static async Task ImportAsync(FileImporter importer, LiveWorld world, string rows)
    {
        var (id, mapping) = await StageAsync(importer, world, rows);
        Assert.True((await importer.ImportAsync(world.Scope, id, mapping, new ImportChoices(), LiveWorld.Now)).Succeeded);
    }

    private static async Task<(Guid Id, ImportMapping Mapping)> StageAsync(FileImporter importer, LiveWorld world, string rows)
    {
        var content = new MemoryStream(Encoding.UTF8.GetBytes("user_id,event_type,item_id,timestamp\n" + rows));
        var staged = (await importer.StageAsync(world.Scope, content, "e.csv", null, null, LiveWorld.Now)).Value;
        return (staged.Id, (await importer.InspectAsync(world.Scope, staged.Id, null, null, null, LiveWorld.Now)).Value.Mapping);
    }
}
