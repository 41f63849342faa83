using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Core.Reviews.Model;
using Xunit;

namespace MerchantStudio.Tests.Reviews;

public sealed class SentimentOnnxTests
{
    private const int Rows = 10_000;
    private static readonly string[] Words = ["lovely", "soft", "perfect", "broken", "awful", "thin", "refund", "not", "but", "parcel", "number", "7", "never-met", "很好", "太差", "退货", "喜欢"];

    [Fact]
    public void The_runtime_reads_reviews_alike_from_their_terms_on()
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var model = SentimentModelTests.Train(1).Model;
        var random = new SeededRandom(3);
        string[] texts = ["", "zzzz qqqq", .. Enumerable.Range(2, Rows - 2).Select(_ => string.Join(' ', Enumerable.Range(0, random.NextInt(25)).Select(_ => Words[random.NextInt(Words.Length)])))];
        var classes = model.Decision.Classes.Length;
        using var session = new InferenceSession(model.ToOnnx(), threads: 2);
        var row = 0;
        foreach (var some in texts.Chunk(500))
        {
            var theirs = session.Run([.. model.OnnxInputs(some).Select(input => new OrtInput(input.Key, input.Value, some.Length))], SentimentOnnx.Output);
            for (var i = 0; i < some.Length; i++, row++)
            {
                var ours = model.Probabilities(some[i]);
                for (var k = 0; k < classes; k++) Assert.True(Math.Abs(ours[k] - theirs[(i * classes) + k]) <= 1e-5, $"review {row}, class {k}: {ours[k]} here, {theirs[(i * classes) + k]} in the runtime");
            }
        }

        Assert.Equal(Rows, row);
    }
}
