using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Seccomp;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Seccomp;

public sealed class FilterFileTests
{
    private static readonly SocketFilter[] Program = SeccompCompiler.Compile(
        new SeccompSpec { DefaultAction = SeccompActionType.Allow },
        CpuArchitecture.X64
    );

    [Fact]
    public void A_program_is_read_as_it_was_written()
    {
        byte[] file = FilterFile.Write("{}"u8, CpuArchitecture.X64, Program);

        Assert.Equal(Program, FilterFile.Read(file, "{}"u8, CpuArchitecture.X64));
        Assert.Null(FilterFile.Read(file, "[]"u8, CpuArchitecture.X64));
        Assert.Null(FilterFile.Read(file, "{}"u8, CpuArchitecture.Arm64));
    }

    [Fact]
    public void What_is_changed_in_any_byte_or_cut_is_no_file()
    {
        byte[] file = FilterFile.Write("{\"x\":1}"u8, CpuArchitecture.X64, Program);
        for (int i = 0; i < file.Length; i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= 1;
            Assert.Null(FilterFile.Read(changed, "{\"x\":1}"u8, CpuArchitecture.X64));
            Assert.Null(FilterFile.Read(file.AsSpan(0, i), "{\"x\":1}"u8, CpuArchitecture.X64));
        }
    }

    /// <summary>
    /// Where this differs and the version in its first line does not, programs would be taken for those of an older compiler:
    /// raise FilterFile.Version before the file is written anew.
    /// </summary>
    [Fact]
    public void Programs_are_those_of_the_version()
    {
        StringBuilder text = new($"version {FilterFile.Version}\n");
        foreach (CpuArchitecture processor in (CpuArchitecture[])[CpuArchitecture.X64, CpuArchitecture.Arm64])
        {
            for (uint i = 0; i < 20; i++)
            {
                SeccompSpec profile = RandomProfiles
                    .Of(SeccompArchitecture.X86, SeccompArchitecture.X32, SeccompArchitecture.Arm)
                    .Generate(new PCG(i, 1), null, out _);
                SocketFilter[] program = SeccompCompiler.Compile(profile, processor);
                ulong hash = FilterFile.HashOf(MemoryMarshal.AsBytes<SocketFilter>(program));
                text.Append(CultureInfo.InvariantCulture, $"{processor} {i}: {program.Length} {hash:x16}\n");
            }
        }

        GoldenFile.Compare("filters.txt", text.ToString());
    }
}
