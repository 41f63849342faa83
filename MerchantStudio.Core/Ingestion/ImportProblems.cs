using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion;

/// <summary>What can stand in the way of an import.</summary>
internal static class ImportProblems
{
    public static Problem RolesMissing(string roles) =>
        new("import.roles-missing", "No column is chosen for: {0}. Choose the column that holds it, or add it to the file.", roles);

    public static Problem RoleTwice(string role, string columns) =>
        new("import.role-twice", "Several columns are chosen for {0}: {1}. Keep one and leave the others out.", role, columns);

    public static Problem DerivedUnfinished(string role) =>
        new("import.derived-unfinished", "The column made for {0} is not finished: choose what it is made of, or remove it.", role);

    public static Problem OneColumn() =>
        new("import.one-column", "The file reads as a single column. Columns are separated by comma, semicolon, tab or |; export it again with one of these.");

    public static Problem NoKey() =>
        new("import.no-key", "To update rows, something must tell which row of the data a row of the file is: choose one or more columns as the key, or add the rows instead.");

    public static Problem KeyNotMapped(string roles) =>
        new("import.key-not-mapped", "The key names {0}, and no column of the file is chosen for it. Choose the column, or another key.", roles);

    public static Problem KeyNotUnique(string columns, long rows) =>
        new("import.key-not-unique", "{1} rows of the file each meet several rows of the data by the key {0}, so it cannot tell which to update. Add a column to the key.", columns, rows);

    public static Problem MappingUnreadable(string place) =>
        new("import.mapping-unreadable", "The mapping cannot be read: see {0}. Export a mapping from the column step to see the form.", place);

    public static Problem ColumnMissing(string column) =>
        new("import.column-missing", "The mapping names a column '{0}' that the file does not have. Choose the columns again.", column);

    public static Problem UnknownPreset(string preset, string known) =>
        new("import.unknown-preset", "There is no preset '{0}'. Known are: {1}.", preset, known);

    public static Problem PresetDoesNotFit(string preset) =>
        new("import.preset-does-not-fit", "The file does not have the columns of the preset '{0}'. Leave the preset out to have it recognised, or map the columns by hand.", preset);

    public static Problem TooLarge(double gigabytes, long limitMegabytes) =>
        new("import.too-large", "The file has {0} GB; uploads end at {1} MB. Compress it, split it by month, or import it on the command line, which has no limit.", Math.Round(gigabytes, 1), limitMegabytes);

    public static Problem UploadStalled() =>
        new("import.upload-stalled", "The upload came to a standstill or became too slow, so it was ended. Check the connection and upload the file again; nothing was kept.");

    /// <param name="reservedMegabytes">What must stay free beside it.</param>
    public static Problem NoSpace(long neededMegabytes, long freeMegabytes, long reservedMegabytes) =>
        new("import.no-space", "The import needs about {0} MB of disk, {1} MB are free and {2} MB must stay free. Free some space on the disk of the data folder and try again; nothing was written.", neededMegabytes, freeMegabytes, reservedMegabytes);

    public static Problem DiskFull() =>
        new("import.disk-full", "The disk is full or cannot be written. Free some space and try again; nothing of this import was kept.");

    public static Problem NothingAccepted(long rejected, RejectReason most) =>
        new("import.nothing-accepted", "None of the {0} rows could be read, so nothing was imported. The first, in line {1}, column {2}: {3}", rejected, most.ExampleLine, most.Column, most.Sentence);

    public static Problem SameFile(int number, string when) =>
        new("import.same-file", "This very file is already in your data as import {0} of {1}. Import it once more only if its rows really happened twice.", number, when);

    public static Problem Unknown() =>
        new("import.unknown", "This import is no longer there. Upload the file again.");

    public static Problem NotStaged(string state) =>
        new("import.not-staged", "This import cannot be started: it is {0}. Upload the file again.", state);

    public static Problem CannotUndo(string state) =>
        new("import.cannot-undo", "Only a complete import can be undone; this one is {0}.", state);

    public static Problem DemoIsClosed() =>
        new("import.demo-is-closed", "The demo shop holds made-up data only and takes no files. Open or create your own shop and import the file there.");
}
