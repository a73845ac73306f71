using CsCheck;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class OpenFlagsTableTests
{
    [Fact]
    public void Arm64_has_four_flags_in_other_places()
    {
        Assert.Equal(0x4000u, OpenFlagsTable.For(OpenFlags.O_DIRECTORY, CpuArchitecture.Arm64));
        Assert.Equal(0x8000u, OpenFlagsTable.For(OpenFlags.O_NOFOLLOW, CpuArchitecture.Arm64));
        Assert.Equal(0x10000u, OpenFlagsTable.For(OpenFlags.O_DIRECT, CpuArchitecture.Arm64));
        Assert.Equal(0x20000u, OpenFlagsTable.For(OpenFlags.O_LARGEFILE, CpuArchitecture.Arm64));
        Assert.Equal(0x404000u, OpenFlagsTable.For(OpenFlags.O_TMPFILE, CpuArchitecture.Arm64));
        Assert.Equal(0x280000u, OpenFlagsTable.For(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, CpuArchitecture.Arm64));
    }

    [Fact]
    public void Translating_there_and_back_changes_nothing() =>
        Gen.UInt.Sample(word =>
        {
            OpenFlags flags = (OpenFlags)(word & 0x7fffff);
            return OpenFlagsTable.From(OpenFlagsTable.For(flags, CpuArchitecture.Arm64), CpuArchitecture.Arm64) == flags
                && OpenFlagsTable.For(flags, CpuArchitecture.X64) == (uint)flags;
        });
}
