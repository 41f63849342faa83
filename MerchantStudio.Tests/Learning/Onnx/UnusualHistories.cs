using System.Text.Json;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Learning.Onnx.Brought;
using MerchantStudio.Core.Native.OnnxRuntime;
using Xunit;

namespace MerchantStudio.Tests.Learning.Onnx;

/// <summary>Histories on which an exported model of sequences could differ from ours, and what the runtime answers of them.</summary>
internal static class UnusualHistories
{
    private const int Longest = 14;

    /// <summary>Of 0 to 14 steps.</summary>
    /// <param name="strange">Whether ids come in that no model knows.</param>
    public static int[][] Of(int rows, int ids, ulong seed, bool strange)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, random.NextInt(Longest + 1)).Select(_ => strange && random.NextInt(6) == 0 ? ids + 1 + random.NextInt(70) : 1 + random.NextInt(ids)).ToArray())];
    }

    /// <summary>Rows of a matrix with 0 before the first step or, in every other row, behind the last.</summary>
    public static float[] Run(byte[] file, int[][] histories, string output)
    {
        long[] steps = [.. histories.SelectMany((history, row) =>
        {
            var (own, fill) = (history.Select(id => (long)id), new long[Longest - history.Length]);
            return row % 2 == 0 ? fill.Concat(own) : own.Concat(fill);
        })];
        using var session = new InferenceSession(file, threads: 2);
        return session.Run([new OrtInput(SequenceOnnx.Steps, steps, histories.Length)], output);
    }

    /// <summary>A list of the file's metadata: the names of ids 1, 2, 3...</summary>
    public static List<string> Listed(byte[] file, string key)
    {
        const int Facts = 14;
        for (var model = new ProtoReader(file); model.Next();)
        {
            if (model.Field != Facts) continue;
            var fact = new ProtoReader(model.Content);
            Assert.True(fact.Next());
            if (fact.Text != key) continue;
            Assert.True(fact.Next());
            return JsonSerializer.Deserialize<List<string>>(fact.Text)!;
        }

        throw new InvalidDataException($"The file lists no {key}.");
    }
}
