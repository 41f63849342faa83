using System.Runtime.InteropServices;
using MerchantStudio.Core.Native.OnnxRuntime;
using Xunit;

namespace MerchantStudio.Tests.Native;

public sealed class OnnxRuntimeTests
{
    [Fact]
    public void The_library_beside_the_program_is_the_version_that_the_lock_file_names()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS() && RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, "ONNX Runtime offers no build for Intel Macs.");
        Assert.Equal("1.30.0", OnnxRuntimeLibrary.Version);
    }
}
