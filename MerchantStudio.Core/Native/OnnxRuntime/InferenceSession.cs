using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Native.OnnxRuntime;

/// <summary>A model that is ready to run. Only for models that the studio has written itself: a foreign one belongs into a process of its own.</summary>
internal sealed unsafe class InferenceSession : IDisposable
{
    private const int Warning = 2;

    private static readonly Lazy<nint> Environment = new(CreateEnvironment);

    private nint _session;

    /// <param name="model">An ONNX file.</param>
    /// <param name="threads">Used by one run.</param>
    /// <exception cref="OnnxRuntimeException">Not a model that the runtime can run.</exception>
    /// <exception cref="PlatformNotSupportedException">The library is not offered for this machine.</exception>
    public InferenceSession(ReadOnlySpan<byte> model, int threads)
    {
        if (OnnxRuntimeLibrary.Version is null) throw new PlatformNotSupportedException("ONNX Runtime is not offered for this machine.");
        nint options, session;
        OrtApi.Check(OrtApi.CreateSessionOptions(&options));
        try
        {
            OrtApi.Check(OrtApi.SetIntraOpNumThreads(options, threads));
            fixed (byte* bytes = model) OrtApi.Check(OrtApi.CreateSessionFromArray(Environment.Value, bytes, (nuint)model.Length, options, &session));
            _session = session;
        }
        finally
        {
            OrtApi.ReleaseSessionOptions(options);
        }
    }

    /// <summary>Runs the model on rows.</summary>
    /// <param name="rows">How many rows every input has.</param>
    /// <param name="numbers">Inputs of Float, row by row.</param>
    /// <param name="texts">Inputs of words, one a row.</param>
    /// <param name="output">A result of Float with one value a row.</param>
    public float[] Run(int rows, IReadOnlyDictionary<string, float[]> numbers, IReadOnlyDictionary<string, string[]> texts, string output)
    {
        var (names, values) = (new List<nint>(), new List<nint>());
        nint result = 0;
        try
        {
            foreach (var (name, column) in numbers) Add(name, OrtValue.Of(column, rows));
            foreach (var (name, column) in texts) Add(name, OrtValue.Of(column));
            names.Add(Marshal.StringToCoTaskMemUTF8(output));
            var (inputNames, inputs) = (names.ToArray(), values.ToArray());
            fixed (nint* allNames = inputNames)
            fixed (nint* allInputs = inputs)
            {
                OrtApi.Check(OrtApi.Run(_session, (byte**)allNames, allInputs, (nuint)inputs.Length, (byte**)(allNames + inputs.Length), 1, &result));
            }

            void* data;
            OrtApi.Check(OrtApi.GetTensorMutableData(result, &data));
            return new ReadOnlySpan<float>(data, rows).ToArray();
        }
        finally
        {
            foreach (var name in names) Marshal.FreeCoTaskMem(name);
            foreach (var value in values) OrtApi.ReleaseValue(value);
            if (result != 0) OrtApi.ReleaseValue(result);
        }

        void Add(string name, nint value)
        {
            values.Add(value);
            names.Add(Marshal.StringToCoTaskMemUTF8(name));
        }
    }

    public void Dispose()
    {
        if (_session != 0) OrtApi.ReleaseSession(_session);
        _session = 0;
    }

    /// <summary>One for the process, which keeps it: it holds the runtime's log.</summary>
    private static nint CreateEnvironment()
    {
        nint environment;
        fixed (byte* name = "studio\0"u8) OrtApi.Check(OrtApi.CreateEnv(Warning, name, &environment));
        return environment;
    }
}

/// <summary>Makes the runtime's tensors; the runtime owns their memory.</summary>
internal static unsafe class OrtValue
{
    private const int Float = 1;
    private const int Text = 8;

    /// <param name="values">Row by row.</param>
    public static nint Of(float[] values, int rows)
    {
        var value = Create(Float, rows, rows == 0 ? 0 : values.Length / rows);
        void* data;
        OrtApi.Check(OrtApi.GetTensorMutableData(value, &data));
        values.CopyTo(new Span<float>(data, values.Length));
        return value;
    }

    /// <param name="values">One a row.</param>
    public static nint Of(string[] values)
    {
        var value = Create(Text, values.Length, 1);
        var texts = new nint[values.Length];
        try
        {
            for (var i = 0; i < texts.Length; i++) texts[i] = Marshal.StringToCoTaskMemUTF8(values[i]);
            fixed (nint* all = texts) OrtApi.Check(OrtApi.FillStringTensor(value, (byte**)all, (nuint)texts.Length));
        }
        finally
        {
            foreach (var text in texts) Marshal.FreeCoTaskMem(text);
        }

        return value;
    }

    private static nint Create(int type, long rows, long columns)
    {
        nint allocator, value;
        OrtApi.Check(OrtApi.GetDefaultAllocator(&allocator));
        var shape = stackalloc long[] { rows, columns };
        OrtApi.Check(OrtApi.CreateTensor(allocator, shape, 2, type, &value));
        return value;
    }
}
