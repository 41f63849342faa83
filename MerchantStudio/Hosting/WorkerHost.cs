using MerchantStudio.Core.Ingestion.Formats.Native;
using MerchantStudio.Core.Learning.Onnx.Brought;

namespace MerchantStudio.Hosting;

/// <summary>This program as a worker: one task on foreign data, then the end. It opens no data folder and no port.</summary>
internal static class WorkerHost
{
    private const int ParentGone = 3;

    public static bool Handles(string[] typed) => typed is ["worker", ..];

    public static int Run(string[] typed)
    {
        EndWithParent();
        return typed switch
        {
            ["worker", NativeTableTask.Name, .. var arguments] => NativeTableTask.Run(arguments, Console.Out),
            ["worker", BroughtTask.Name, .. var arguments] => BroughtTask.Run(arguments, Console.Out),
            _ => Commands.CommandHost.WronglyTyped,
        };
    }

    /// <summary>Nothing is ever written to a worker: the end of its input means that the parent is gone, killed perhaps.</summary>
    private static void EndWithParent() => new Thread(() =>
    {
        while (Console.In.Read() >= 0)
        {
            // Only the end matters.
        }

        Environment.Exit(ParentGone);
    })
    { IsBackground = true }.Start();
}
