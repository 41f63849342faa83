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
    /// <param name="inputs">With as many rows each.</param>
    /// <param name="output">A result of numbers.</param>
    /// <returns>The result's numbers, row by row.</returns>
    /// <exception cref="OnnxRuntimeException">The run failed, or the result holds no numbers.</exception>
    public float[] Run(IReadOnlyList<OrtInput> inputs, string output)
    {
        var (names, values) = (new List<nint>(), new List<nint>());
        nint result = 0;
        try
        {
            foreach (var input in inputs)
            {
                values.Add(OrtValue.Of(input));
                names.Add(Marshal.StringToCoTaskMemUTF8(input.Name));
            }

            names.Add(Marshal.StringToCoTaskMemUTF8(output));
            var (inputNames, allValues) = (names.ToArray(), values.ToArray());
            fixed (nint* allNames = inputNames)
            fixed (nint* allInputs = allValues)
            {
                OrtApi.Check(OrtApi.Run(_session, (byte**)allNames, allInputs, (nuint)allValues.Length, (byte**)(allNames + allValues.Length), 1, &result));
            }

            return OrtValue.Numbers(result);
        }
        finally
        {
            foreach (var name in names) Marshal.FreeCoTaskMem(name);
            foreach (var value in values) OrtApi.ReleaseValue(value);
            if (result != 0) OrtApi.ReleaseValue(result);
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
