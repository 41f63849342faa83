namespace MerchantStudio.Core.Workers;

/// <summary>What one worker may use before it is ended.</summary>
public sealed record WorkerLimits
{
    /// <summary>Resident memory, watched from outside.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Address space; the runtime alone reserves nearly 2 GB of it.</summary>
    public long AddressSpaceBytes { get; init; } = 4L << 30;

    public TimeSpan CpuTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A worker says how far it is every second; one that says nothing for so long is stuck.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(2);

    public int OpenFiles { get; init; } = 256;
}

/// <summary>How a worker came to its end.</summary>
public enum WorkerEnding
{
    /// <summary>It ended by itself and well.</summary>
    Done,

    /// <summary>It ended by itself and not well: it crashed, or a limit of the system ended it.</summary>
    Crashed,
    TooMuchMemory,
    Silent,
}

/// <param name="Error">The last of what it wrote to its error stream.</param>
public sealed record WorkerResult(WorkerEnding Ending, int ExitCode, string Error);
