using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Formats;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Things about accepted rows that the merchant should know.</summary>
internal sealed class Noticed
{
    private readonly SortedDictionary<string, (long Rows, long FirstLine)> _notes = new(StringComparer.Ordinal);

    public ImmutableArray<ImportNote> Notes => [.. _notes.Select(note => new ImportNote(note.Key, note.Value.Rows, note.Value.FirstLine))];

    public void Add(string code, long line) => _notes[code] = _notes.TryGetValue(code, out var known) ? (known.Rows + 1, known.FirstLine) : (1, RecordPlace.RecordOf(line));
}
