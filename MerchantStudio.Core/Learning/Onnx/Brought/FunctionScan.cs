using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>A function of the file, or its main graph: how many operators it has and which functions it calls.</summary>
/// <param name="isStandard">Whether it says that it is of a domain whose operators are known.</param>
internal sealed class FunctionBody(string name, bool isStandard)
{
    public string Name => name;

    public bool IsStandard => isStandard;

    /// <summary>Operators of its own.</summary>
    public long Nodes { get; set; }

    /// <summary>Once for each call.</summary>
    public List<FunctionBody> Calls { get; } = [];

    /// <summary>Operators with all calls written out; null until it has been counted.</summary>
    public long? Size { get; set; }

    /// <summary>How deep functions lie below it; 0 for none.</summary>
    public int Height { get; set; }
}

/// <summary>How deep the functions of a file call each other, and how large it becomes when a runtime writes every call out.</summary>
internal sealed class FunctionScan(int mostDepth, long mostNodes)
{
    private readonly Dictionary<string, FunctionBody> _functions = [];

    public FunctionBody Main { get; } = new("graph", isStandard: false);

    public void Declare(ReadOnlySpan<byte> function)
    {
        var (domain, name) = Read(function);
        _functions.TryAdd(Key(domain, name), new FunctionBody(Key(domain, name), Domains.IsKnown(domain)));
    }

    /// <param name="function">One that was declared.</param>
    public FunctionBody Body(ReadOnlySpan<byte> function)
    {
        var (domain, name) = Read(function);
        return _functions[Key(domain, name)];
    }

    /// <returns>False where the file has no such function.</returns>
    public bool Call(FunctionBody from, string domain, string name)
    {
        if (!_functions.TryGetValue(Key(domain, name), out var called)) return false;
        from.Calls.Add(called);
        return true;
    }

    /// <param name="nodes">All operators with the calls written out.</param>
    public Problem? Check(out long nodes)
    {
        nodes = 0;
        if (_functions.Values.Prepend(Main).Select(body => Measure(body, 0)).FirstOrDefault(problem => problem is not null) is { } problem) return problem;
        nodes = Main.Size!.Value;
        return null;
    }

    /// <summary>Goes no deeper than allowed, so neither a long chain nor a circle of calls can take the stack.</summary>
    private Problem? Measure(FunctionBody body, int depth)
    {
        if (depth > mostDepth) return BroughtProblems.TooDeep(body.Name, mostDepth);
        if (body.Size is not null) return depth + body.Height > mostDepth ? BroughtProblems.TooDeep(body.Name, mostDepth) : null;
        var (size, height) = (body.Nodes, 0);
        foreach (var called in body.Calls)
        {
            if (Measure(called, depth + 1) is { } problem) return problem;
            size += called.Size!.Value;
            height = Math.Max(height, 1 + called.Height);
            if (size > mostNodes) return BroughtProblems.TooManyNodes(mostNodes);
        }

        (body.Size, body.Height) = (size, height);
        return size > mostNodes ? BroughtProblems.TooManyNodes(mostNodes) : null;
    }

    private static (string Domain, string Name) Read(ReadOnlySpan<byte> function)
    {
        var (name, domain) = ("", "");
        for (var reader = new ProtoReader(function); reader.Next();)
        {
            if (reader.Field == 1) name = reader.Text;
            else if (reader.Field == 10) domain = Domains.Of(reader.Text);
        }

        return (domain, name);
    }

    private static string Key(string domain, string name) => domain + "." + name;
}
