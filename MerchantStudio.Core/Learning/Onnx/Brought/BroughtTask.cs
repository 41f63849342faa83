using System.Runtime.InteropServices;
using MerchantStudio.Core.Native.OnnxRuntime;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>The worker's side of <see cref="BroughtRunner"/>: <c>worker onnx FOLDER</c>. It reads the model as bytes, so the runtime has no path to look beside.</summary>
public static class BroughtTask
{
    public const string Name = "onnx";

    /// <summary>Writes the answer: 0 and the numbers, or 1 and what the runtime says against the model. Tells that it is alive on <paramref name="alive"/>.</summary>
    /// <returns>0 when there is an answer.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter alive)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(alive);
        if (arguments is not [var folder]) return 2;
        var job = BroughtJob.Read(folder);
        using var answer = new BinaryWriter(File.Create(Path.Combine(folder, BroughtJob.AnswerFile)));
        try
        {
            using var session = new InferenceSession(File.ReadAllBytes(Path.Combine(folder, BroughtJob.ModelFile)), threads: 1);
            var numbers = job.Run(session, alive.WriteLine);
            answer.Write((byte)0);
            answer.Write(MemoryMarshal.AsBytes(numbers.AsSpan()));
        }
        catch (OnnxRuntimeException refused)
        {
            answer.Write((byte)1);
            answer.Write(refused.Message);
        }

        return 0;
    }
}
