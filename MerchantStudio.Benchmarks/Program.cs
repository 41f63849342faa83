using System.Globalization;
using MerchantStudio.Benchmarks;
using MerchantStudio.Benchmarks.Training;
using MerchantStudio.Benchmarks.Trees;
using MerchantStudio.Benchmarks.Whole;

switch (args)
{
    case ["import", .. var rest]:
        await ImportBenchmark.RunAsync(Rows(rest, 2_000_000));
        return 0;
    case ["features", .. var rest]:
        await FeatureBenchmark.RunAsync(Rows(rest, 10_000_000));
        return 0;
    case ["whole", .. var rest]:
        await WholeBenchmark.RunAsync(Rows(rest, 10_000_000));
        return 0;
    case ["pipeline", var folder]:
        await PipelineBenchmark.RunAsync(folder);
        return 0;
    case ["size", .. var rest]:
        await SizeBenchmark.RunAsync(Rows(rest is [var some, ..] ? [some] : [], 10_000_000), rest is [_, var memory] ? memory : null);
        return 0;
    case ["serving", .. var rest]:
        await ServingBenchmark.RunAsync(Rows(rest, 2_000_000));
        return 0;
    case ["kernels"]:
        KernelBenchmark.Run();
        return 0;
    case ["trees", .. var rest]:
        await TreesBenchmark.RunAsync(Rows(rest is [var many, ..] ? [many] : [], 1_000_000), rest is [_, var threads] ? Rows([threads], 2) : 2);
        return 0;
    case ["trees-accuracy", var folder, .. var rest]:
        await TreesAccuracyBenchmark.RunAsync(folder, rest is [var table] ? table : null);
        return 0;
    case ["mlp"]:
        TrainingBenchmark.Mlp();
        return 0;
    case ["sasrec"]:
        TrainingBenchmark.Sasrec();
        return 0;
    case ["kernel-sets"]:
        TrainingBenchmark.KernelSets();
        return 0;
    case ["next-item", var file, .. var rest]:
        NextItemBenchmark.Run(file, Rows(rest is [var drawn, ..] ? [drawn] : [], 99), rest is [_, var epochs, ..] ? Rows([epochs], 40) : 40, rest is [_, _, var states] ? states : null);
        return 0;
    default:
        Console.Error.WriteLine("Name a benchmark: import [ROWS], features [ROWS], whole [ROWS], pipeline FOLDER-OF-PUBLIC-DATA, size [ROWS [MEMORY]], serving [ROWS], kernels, trees [ROWS [THREADS]], trees-accuracy FOLDER-OF-PUBLIC-DATA [TABLE], mlp, sasrec, kernel-sets, next-item FILE [DRAWN [EPOCHS [FOLDER]]].");
        return 1;
}

static int Rows(string[] rest, int usual) => rest is [var rows] ? int.Parse(rows, CultureInfo.InvariantCulture) : usual;
