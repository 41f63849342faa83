using System.Diagnostics;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Learning.Onnx.Brought;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Workers;
using Xunit;
using static MerchantStudio.Tests.Learning.Onnx.Brought.HandmadeModel;

namespace MerchantStudio.Tests.Learning.Onnx.Brought;

/// <summary>Files made to harm: each is refused by name before any runtime sees it, or ended at a limit in a process of its own.</summary>
[Trait("Row", "H7")]
public sealed class HostileModelTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Elsewhere => [.. from place in (string[])["weight", "attribute", "branch", "function"] from location in (string[])["/etc/passwd", "weights.bin", "../../../etc/passwd", "/proc/self/environ", "link-to-somewhere"] select new TheoryDataRow<string, string>(place, location)];

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public void H7_weights_in_another_file_are_refused_wherever_they_stand(string place, string location)
    {
        var tensor = TensorElsewhere("stolen", location);
        var constant = Node("Constant", [], ["c"], attribute: TensorAttribute("value", tensor));
        Refused("model-file.external-data", place switch
        {
            "weight" => Of(Mean(graph => graph.Message(5, tensor))),
            "attribute" => Of(Mean(graph => graph.Message(1, constant))),
            "branch" => Of(Mean(graph => graph.Message(1, Node("If", ["x"], ["c"], attribute: GraphAttribute("then_branch", branch => branch.Message(5, tensor)))))),
            _ => Of(Mean(_ => { }), model => model.Message(25, Function("f", function => function.Message(7, constant)))),
        }, "stolen", location);
    }

    [Fact]
    public async Task H7_a_refused_file_starts_no_process_and_a_taken_one_gets_a_folder_that_is_gone_afterwards()
    {
        var started = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        var options = new WorkerOptions();
        foreach (var word in (string[])["/bin/sh", "-c", $"pwd > '{started}'; exit 9"]) options.Command.Add(word);
        var runner = new BroughtRunner(new WorkerRunner(Microsoft.Extensions.Options.Options.Create(options)));
        Assert.False(OnnxScan.Read(Of(Mean(graph => graph.Message(5, TensorElsewhere("stolen", "/etc/passwd"))))).Succeeded);
        Assert.False(File.Exists(started));
        Assert.Equal("model-file.crashed", (await RunAsync(Of(Mean(_ => { })), runner)).Problem?.Code);
        Assert.False(Directory.Exists((await File.ReadAllTextAsync(started, Token)).Trim()));
        File.Delete(started);
    }

    [Fact]
    public void H7_a_tensor_that_says_8_GB_and_holds_4_bytes_is_refused() =>
        Refused("model-file.tensor-shape", Of(Mean(graph => graph.Message(5, Tensor("huge", Float, [2_147_483_648], [0, 0, 0, 0])))), "huge", "[2147483648]");

    [Fact]
    public void H7_a_shape_beyond_all_numbers_is_refused() =>
        Refused("model-file.tensor-shape", Of(Mean(graph => graph.Message(5, Tensor("huge", Float, [1L << 40, 1L << 40], [])))), "huge");

    [Fact]
    public void H7_an_input_of_8_GB_is_refused() => Refused("model-file.value-too-large", Of(Mean(_ => { }), columns: 2_147_483_648), "x");

    [Fact]
    public void H7_functions_three_thousand_deep_are_refused() => Refused("model-file.too-deep", Chain(3_000, 1));

    [Fact]
    public void H7_functions_in_a_circle_are_refused() =>
        Refused("model-file.too-deep", Of(graph => graph.Message(1, Node("f", ["x"], ["p"], "own")), model => model.Message(25, Function("f", body => body.Message(7, Node("f", ["a"], ["b"], "own"))))));

    [Fact]
    public void H7_functions_that_swell_when_written_out_are_refused() => Refused("model-file.too-many-nodes", Chain(7, 20));

    [Fact]
    public void H7_a_function_in_the_place_of_a_known_operator_is_refused() =>
        Refused("model-file.twice", Of(Mean(_ => { }), model => model.Message(25, Function("Relu", body => body.Message(7, Node("Exp", ["a"], ["b"])), domain: ""))));

    [Fact]
    public void H7_functions_within_measure_are_taken() => Assert.Null(OnnxScan.Read(Chain(5, 2)).Problem);

    [Fact]
    public void H7_branches_three_thousand_deep_are_refused()
    {
        Action<ProtoWriter> branch = graph => graph.Message(1, Node("Identity", ["x"], ["y"]));
        var bytes = new ProtoWriter();
        branch(bytes);
        var inner = bytes.ToArray();
        for (var depth = 0; depth < 3_000; depth++)
        {
            var held = inner;
            var outer = new ProtoWriter();
            outer.Message(1, node =>
            {
                node.Text(4, "If");
                node.Text(1, "x");
                node.Message(5, attribute => attribute.Bytes(6, held));
            });
            inner = outer.ToArray();
        }

        Refused("model-file.too-deep", Of(graph => graph.Message(1, Node("If", ["x"], ["p"], attribute: attribute => attribute.Bytes(6, inner)))));
    }

    [Theory]
    [InlineData("Loop")]
    [InlineData("Scan")]
    public void H7_a_loop_without_end_is_refused(string @operator) =>
        Refused("model-file.loop", Of((@operator, ["", "", "x"], "p")), "operator 1", @operator);

    [Fact]
    public void H7_operators_of_an_unknown_domain_are_refused() =>
        Refused("model-file.domain", Of(Mean(graph => graph.Message(1, Node("ReadFile", ["x"], ["y"], "com.example")))), "operator 2", "com.example", "ReadFile");

    [Theory]
    [InlineData("RandomNormal")]
    [InlineData("StringNormalizer")]
    [InlineData("MyOwn")]
    public void H7_operators_that_are_not_on_the_list_are_refused(string @operator) => Refused("model-file.operator", Of((@operator, ["x"], "p")), "operator 1", @operator);

    [Theory]
    [InlineData("Add", 1)]
    [InlineData("Add", 3)]
    [InlineData("Relu", 0)]
    [InlineData("Concat", 0)]
    public void H7_an_operator_with_the_wrong_number_of_inputs_is_refused(string @operator, int inputs) =>
        Refused("model-file.arity", Of((@operator, [.. Enumerable.Repeat("x", inputs)], "p")), "operator 1", @operator);

    [Fact]
    public void H7_an_operator_with_too_many_results_is_refused() => Refused("model-file.outputs", Of(graph => graph.Message(1, Node("Relu", ["x"], ["p", "q"]))), "Relu");

    [Fact]
    public void H7_a_list_of_dictionaries_as_answer_is_refused_with_what_to_do() => Refused("model-file.zip-map", Of(("ZipMap", ["x"], "p")), "zipmap=False");

    [Fact]
    public void H7_sparse_tensors_are_refused() => Refused("model-file.sparse", Of(Mean(graph => graph.Message(15, sparse => sparse.Int(3, 4)))));

    [Fact]
    public void H7_instructions_for_training_are_refused() => Refused("model-file.training", Of(Mean(_ => { }), model => model.Message(20, _ => { })));

    [Fact]
    public void H7_a_second_graph_that_would_be_merged_into_the_first_is_refused() => Refused("model-file.twice", Of(Mean(_ => { }), model => model.Message(7, graph => graph.Text(2, "more"))));

    [Fact]
    public void H7_a_file_above_the_limit_is_refused() => Refused("model-file.too-large", new byte[OnnxScan.MostBytes + 1]);

    [Fact]
    public void H7_too_many_columns_are_refused() => Refused("model-file.too-many-columns", Of(Mean(_ => { }), columns: 10_001));

    [Fact]
    public void H7_damaged_files_are_refused_or_read_and_never_throw()
    {
        var sound = Chain(4, 2);
        var random = new SeededRandom(1);
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = sound[..(round % 2 == 0 ? sound.Length : random.NextInt(sound.Length))];
            for (var change = 0; change < 1 + (round % 4) && bytes.Length > 0; change++) bytes[random.NextInt(bytes.Length)] = (byte)random.NextInt(256);
            _ = OnnxScan.Read(bytes);
        }

        Assert.Equal("model-file.not-onnx", OnnxScan.Read("PNG, not ONNX"u8).Problem?.Code);
        Assert.Equal("model-file.no-graph", OnnxScan.Read([]).Problem?.Code);
        Assert.True(watch.Elapsed < AtOnce, $"{watch.Elapsed}");
    }

    [Fact]
    public async Task H7_answers_that_are_no_numbers_are_refused() => Assert.Equal("model-file.not-a-number", (await RunAsync(Of(("Sub", ["x", "x"], "zero"), ("Div", ["zero", "zero"], "nothing"), ("ArgMax", ["nothing"], "unused"), ("Sqrt", ["nothing"], "p")))).Problem?.Code);

    [Fact]
    public async Task H7_answers_that_are_no_chances_are_refused() =>
        Assert.Equal("model-file.not-a-chance", (await RunAsync(Of(Mean(_ => { })))).Problem?.Code);

    [Fact]
    public async Task H7_the_same_answer_for_everybody_is_refused() =>
        Assert.Equal("model-file.always-same", (await RunAsync(Of(("Sub", ["x", "x"], "zero"), ("Sigmoid", ["zero"], "p")))).Problem?.Code);

    [Fact]
    public async Task H7_an_answer_of_another_length_is_refused() =>
        Assert.Equal("model-file.row-count", (await RunAsync(Of(("Concat", ["x", "x", "x"], "p")), concat: true)).Problem?.Code);

    [Fact]
    public async Task H7_what_the_runtime_cannot_load_is_refused_in_its_own_words()
    {
        var problem = (await RunAsync(Of(("Add", ["x", "nowhere"], "p")))).Problem;
        Assert.Equal("model-file.refused", problem?.Code);
        Assert.Contains("nowhere", problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task H7_a_value_that_swells_to_8_GB_ends_at_the_limit()
    {
        var watch = Stopwatch.StartNew();
        var problem = (await RunAsync(Swelling([50_000, 40_000]))).Problem;
        Assert.Contains(problem?.Code, (string[])["model-file.refused", "model-file.memory", "model-file.crashed"]);
        Assert.True(watch.Elapsed < AtOnce, $"{watch.Elapsed}: {problem}");
    }

    [Fact]
    public async Task H7_work_without_end_is_ended_at_the_limit()
    {
        var runner = Runner();
        runner.LongestRun = TimeSpan.FromSeconds(1);
        var watch = Stopwatch.StartNew();
        Assert.Equal("model-file.time", (await RunAsync(Swelling([3_000, 3_000], products: 200), runner)).Problem?.Code);
        Assert.True(watch.Elapsed < AtOnce, $"{watch.Elapsed}");
    }

    [Fact]
    public async Task H7_the_process_reads_nothing_but_its_folder_and_the_program_itself_even_if_the_scan_had_failed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "There is no strace here.");
        var secret = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        var log = secret + ".strace";
        await File.WriteAllBytesAsync(secret, new byte[4], Token);
        var options = new WorkerOptions();
        foreach (var word in (string[])["/usr/bin/strace", "-f", "-qq", "-e", "trace=open,openat", "-o", log, .. WorkerProgram.Find()]) options.Command.Add(word);
        var runner = new BroughtRunner(new WorkerRunner(Microsoft.Extensions.Options.Options.Create(options))) { LongestRun = TimeSpan.FromMinutes(2) };
        try
        {
            var sound = OnnxScan.Read(Of(("Sigmoid", ["x"], "p"))).Value;
            foreach (var location in (string[])[secret, Path.GetFileName(secret), "../" + Path.GetFileName(secret), "/proc/self/environ"])
            {
                var hostile = Of(graph =>
                {
                    graph.Message(5, TensorElsewhere("stolen", location));
                    graph.Message(1, Node("Add", ["x", "stolen"], ["p"]));
                });
                var answer = await runner.RunAsync(hostile, sound, new BroughtMapping(["c0", "c1"], "p", null), LearningWorld.Numbers([1, 2], [3, 4]), Token);
                Assert.Equal("model-file.refused", answer.Problem?.Code);
                var read = (await File.ReadAllLinesAsync(log, Token)).Where(line => line.Contains("O_RDONLY", StringComparison.Ordinal) && !line.Contains("ENOENT", StringComparison.Ordinal)).Select(line => line.Split('"')[1]).ToList();
                Assert.Contains(read, path => path.EndsWith("/model.onnx", StringComparison.Ordinal));
                Assert.DoesNotContain(read, path => path.Contains(Path.GetFileName(secret), StringComparison.Ordinal) || path.EndsWith("/environ", StringComparison.Ordinal));
                Assert.All(read, path => Assert.Contains(((string[])["/proc/", "/sys/", "/etc/", "/dev/", "/usr/", "/lib", "/tmp/studio-model-", Path.GetDirectoryName(Environment.ProcessPath)! + "/", AppContext.BaseDirectory]), prefix => path.StartsWith(prefix, StringComparison.Ordinal) || path is "." or "/"));
            }
        }
        finally
        {
            File.Delete(secret);
            File.Delete(log);
        }
    }

    /// <summary>A matrix of ones of this size, multiplied with itself again and again, whose mean goes into the answer.</summary>
    private static byte[] Swelling(long[] size, int products = 0) => Of(graph =>
    {
        graph.Message(5, Tensor("size", 7, [2], [.. size.SelectMany(BitConverter.GetBytes)]));
        graph.Message(5, Tensor("all", 7, [2], [.. ((long[])[0, 1]).SelectMany(BitConverter.GetBytes)]));
        graph.Message(1, Node("ReduceMean", ["x", "all"], ["one"]));
        graph.Message(1, Node("Expand", ["one", "size"], ["m0"]));
        for (var i = 0; i < products; i++) graph.Message(1, Node("MatMul", [FormattableString.Invariant($"m{i}"), "m0"], [FormattableString.Invariant($"m{i + 1}")]));
        graph.Message(1, Node("ReduceMean", [FormattableString.Invariant($"m{products}"), "all"], ["mean"]));
        graph.Message(1, Node("Add", ["x", "mean"], ["p"]));
    });

    /// <summary>Functions that each call the next several times.</summary>
    private static byte[] Chain(int length, int calls) => Of(graph => graph.Message(1, Node("f0", ["x"], ["p"], "own")), model =>
    {
        for (var i = 0; i < length; i++)
        {
            var next = FormattableString.Invariant($"f{i + 1}");
            var isLast = i == length - 1;
            model.Message(25, Function(FormattableString.Invariant($"f{i}"), body =>
            {
                for (var call = 0; call < calls; call++) body.Message(7, isLast ? Node("Relu", ["a"], ["b"]) : Node(next, ["a"], ["b"], "own"));
            }));
        }
    });

    private static void Refused(string code, byte[] file, params string[] says)
    {
        var watch = Stopwatch.StartNew();
        var problem = OnnxScan.Read(file).Problem;
        Assert.Equal(code, problem?.Code);
        Assert.All(says, word => Assert.Contains(word, problem!.Message, StringComparison.Ordinal));
        Assert.True(watch.Elapsed < AtOnce, $"{watch.Elapsed}");
    }

    private static BroughtRunner Runner() => new(new WorkerRunner(Microsoft.Extensions.Options.Options.Create(new WorkerOptions())));

    private static async Task<Outcome<float[]>> RunAsync(byte[] file, BroughtRunner? runner = null, bool concat = false)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        if (concat) file = Of(graph => graph.Message(1, Node("Concat", ["x", "x", "x"], ["p"], attribute: attribute =>
        {
            attribute.Text(1, "axis");
            attribute.Int(3, 1);
            attribute.Int(20, 2);
        })));
        var graph = OnnxScan.Read(file).Value;
        var x = LearningWorld.Numbers([1, 2, 3], [-1, 5, 8]);
        return await (runner ?? Runner()).RunAsync(file, graph, new BroughtMapping(["c0", "c1"], "p", null), x, Token);
    }
}
