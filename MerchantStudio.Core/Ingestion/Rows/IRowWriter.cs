using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Turns records of one kind of file into rows of the warehouse.</summary>
internal interface IRowWriter : IDisposable
{
    /// <summary>Writes the file's current record, or sets it aside with its reason.</summary>
    void Write(DelimitedFile file);

    /// <summary>Hands the last rows over; nothing is kept without it.</summary>
    void Complete();

    long Accepted { get; }
    DateTimeOffset? FirstAt { get; }
    DateTimeOffset? LastAt { get; }
    ImmutableArray<ImportNote> Notes { get; }

    /// <summary>Empty for files that hold no events.</summary>
    ImmutableArray<EventCount> Events { get; }
}
