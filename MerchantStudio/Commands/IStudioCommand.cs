namespace MerchantStudio.Commands;

/// <summary>One command of the command line. It prints JSON on <see cref="CommandContext.Out"/> and progress on <see cref="CommandContext.Error"/>.</summary>
/// <remarks>With a server running the command is carried out inside it, else in this process on the same data folder; the code is the same.</remarks>
internal interface IStudioCommand
{
    /// <summary>One or two words: "import", "evaluate table".</summary>
    string Name { get; }

    /// <summary>What follows the name, as help prints it and as options are read: <c>--name VALUE</c> takes a value, <c>[--name]</c> takes none.</summary>
    /// <example>--workspace W --kind events|reviews FILE [--preset P] [--dry-run]</example>
    string Usage { get; }

    /// <summary>One sentence for help.</summary>
    string Summary { get; }

    /// <summary>False for a command that reads only the files it is given; it runs at once, beside any server.</summary>
    bool UsesDataFolder => true;

    /// <returns>0 only on success.</returns>
    Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken);
}
