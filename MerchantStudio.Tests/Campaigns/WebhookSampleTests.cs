using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Campaigns.Webhooks;
using MerchantStudio.Tests.Architecture;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>The samples in docs/webhooks.md recognise our calls, and refuse old and foreign ones.</summary>
public sealed class WebhookSampleTests
{
    private const string Secret = "mswh_sample";
    private const string Body = """{"id":"1","text":"茶 & \"co\""}""";
    private const long At = 1_790_000_000;

    public static TheoryData<string, long, bool> Cases => new() { { Secret, At, true }, { Secret, At + 299, true }, { Secret, At + 301, false }, { Secret, At - 301, false }, { "mswh_other", At, false } };

    [Theory, Trait("Row", "A11")]
    [MemberData(nameof(Cases))]
    public void The_sample_in_CSharp_holds(string secret, long now, bool ours)
    {
        var body = Encoding.UTF8.GetBytes(Body);
        Assert.Equal(ours, IsOurs(secret, $"{At}", WebhookSignature.Sign(Secret, At, body), body, DateTimeOffset.FromUnixTimeSeconds(now)));
        Assert.False(IsOurs(Secret, "x", "", body, DateTimeOffset.FromUnixTimeSeconds(At)));
        var source = File.ReadAllText(Repository.Path("MerchantStudio.Tests", "Campaigns", "WebhookSampleTests.cs"));
        Assert.All(Sample("csharp").Split('\n'), line => Assert.Contains(line.Replace("static bool", "private static bool", StringComparison.Ordinal), source, StringComparison.Ordinal));
    }

    [Theory, Trait("Row", "A11")]
    [InlineData("python", "python3", "-c", "import sys\nbody = sys.stdin.buffer.read()\nfor line in sys.argv[1:]:\n    s, t, g, n = line.split(' ')\n    print('yes' if is_ours(s, t, g, body, int(n)) else 'no')")]
    [InlineData("javascript", "node", "-e", "const body = require('node:fs').readFileSync(0); for (const line of process.argv.slice(1)) { const [s, t, g, n] = line.split(' '); console.log(isOurs(s, t, g, body, Number(n)) ? 'yes' : 'no'); }")]
    public async Task The_samples_in_other_languages_hold(string language, string program, string option, string run)
    {
        var signature = WebhookSignature.Sign(Secret, At, Encoding.UTF8.GetBytes(Body));
        var start = new ProcessStartInfo(program, [option, Sample(language) + "\n" + run, .. Cases.Select(row => $"{row.Data.Item1} {At} {signature} {row.Data.Item2}")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
        }

        using (process)
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(Body), TestContext.Current.CancellationToken);
            process.StandardInput.Close();
            var said = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Assert.Equal(Cases.Select(row => row.Data.Item3 ? "yes" : "no"), said);
        }
    }

    private static bool IsOurs(string secret, string timestamp, string signature, byte[] body, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > 300) return false;
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. body];
        var expected = "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature));
    }

    private static string Sample(string language)
    {
        var text = File.ReadAllText(Repository.Path("docs", "webhooks.md")).ReplaceLineEndings("\n");
        var begin = text.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)].TrimEnd('\n');
    }
}
