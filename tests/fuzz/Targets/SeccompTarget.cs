using Tare.Fuzz.Fuzzing;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Seccomp;
using Tare.Runtime.Tests.Seccomp;
using Tare.Runtime.Validation;

namespace Tare.Fuzz.Targets;

/// <summary>
/// A seccomp profile is compiled to a filter that the kernel takes and that answers every call as the profile says, rule by
/// rule; or it is refused by one line that names the property.
/// </summary>
internal static class SeccompTarget
{
    private const uint X64 = 0xC000_003E;
    private const int LongestFilter = 4096;

    private static readonly Dictionary<uint, string> Calls = Enum.GetValues<Syscall>()
        .Select(call => (Number: SyscallTable.Number(call, CpuArchitecture.X64), Name: call.ToString()))
        .Where(call => call.Number >= 0)
        .ToDictionary(call => (uint)call.Number, call => call.Name);

    private static readonly ulong[][] Arguments =
    [
        [0, 0, 0, 0, 0, 0],
        [1, 2, 3, 4, 5, 6],
        [ulong.MaxValue, 1UL << 32, 1UL << 63, uint.MaxValue, 0x7e02_0000, 8],
    ];

    public static void Try(byte[] utf8)
    {
        try
        {
            byte[] config = [.. "{\"ociVersion\":\"1.0.0\",\"linux\":{\"seccomp\":"u8, .. utf8, .. "}}"u8];
            SeccompSpec? profile = SeccompRules.Check(RuntimeSpecReader.Read(config).Linux?.Seccomp);
            if (profile is null)
            {
                return;
            }

            SocketFilter[] filter = Promise.Within(
                (utf8.Length * 4096L) + (16 << 20),
                () => SeccompCompiler.Compile(profile, CpuArchitecture.X64)
            );
            IsTakenByTheKernel(filter);
            IsTakenByTheKernel(SeccompCompiler.Compile(profile, CpuArchitecture.Arm64));
            Answers(profile, filter, utf8.Length);
        }
        catch (OciFormatException refusal)
        {
            Promise.IsOneLine(refusal.Message);
        }
        catch (SpecException refusal)
        {
            Promise.IsOneLine(refusal.Message);
            Assert.NotEqual("", refusal.Property);
        }
    }

    /// <summary>Jumps stay inside and every way ends with an answer. net/core/filter.c, bpf_check_classic.</summary>
    private static void IsTakenByTheKernel(SocketFilter[] filter)
    {
        Assert.InRange(filter.Length, 1, LongestFilter);
        for (int at = 0; at < filter.Length; at++)
        {
            SocketFilter instruction = filter[at];
            long left = filter.Length - at - 1;
            switch (instruction.Code)
            {
                case 0x05:
                    Assert.True(instruction.Operand < left, "a jump leads out of the filter");
                    break;
                case 0x15 or 0x25 or 0x35 or 0x45:
                    Assert.True(Math.Max(instruction.JumpTrue, instruction.JumpFalse) < left, "a jump leads out");
                    break;
            }
        }

        Assert.Equal(0x06, filter[^1].Code);
    }

    private static void Answers(SeccompSpec profile, SocketFilter[] filter, int chance)
    {
        if (profile.Architectures is { Count: > 0 } && !profile.Architectures.Contains(SeccompArchitecture.X64))
        {
            return;
        }

        HashSet<string> said = [.. profile.Syscalls.SelectMany(rule => rule.Names)];
        uint[] named = [.. Calls.Where(call => said.Contains(call.Value)).Select(call => call.Key)];
        uint newest = named.Length > 0 ? named.Max() : uint.MaxValue;
        foreach (uint number in named.Take(40).Append((uint)(chance % 480)))
        {
            foreach (ulong[] arguments in Arguments)
            {
                uint expected = NaiveProfile.Answer(
                    profile,
                    Calls.GetValueOrDefault(number),
                    isNewer: named.Length > 0 && number > newest,
                    arguments
                );
                uint answer = FilterMachine.Run(filter, new FilteredCall(X64, number, arguments)).Verdict;
                Assert.True(expected == answer, $"call {number}: {answer:x}, not {expected:x}");
            }
        }
    }
}
