using CsCheck;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Seccomp;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Seccomp;

/// <summary>Filters answer what their profiles say.</summary>
public class SeccompCompilerTests
{
    private const uint X64 = 0xC000_003E;
    private const uint X86 = 0x4000_0003;
    private const uint Arm64 = 0xC000_00B7;
    private const uint Arm = 0x4000_0028;
    private const uint Kill = 0;
    private const uint Allow = 0x7fff_0000;
    private const uint NoSuchCall = 0x0005_0000 + 38;
    private const uint Refused = 0x0005_0000 + 1;

    [Theory]
    [InlineData(CpuArchitecture.X64, X64)]
    [InlineData(CpuArchitecture.Arm64, Arm64)]
    public void Every_call_of_any_profile_is_answered_as_its_rules_say(CpuArchitecture processor, uint architecture)
    {
        Dictionary<uint, string> names = Enum.GetValues<Syscall>()
            .Select(call => (Number: SyscallTable.Number(call, processor), Name: call.ToString()))
            .Where(call => call.Number >= 0)
            .ToDictionary(call => (uint)call.Number, call => call.Name);
        Gen.Select(RandomProfiles.Of(), Gen.UInt[0, 480].Array[20], RandomProfiles.Arguments.Array[20])
            .Sample(
                (profile, numbers, arguments) =>
                {
                    SocketFilter[] filter = SeccompCompiler.Compile(profile, processor);
                    uint[] named =
                    [
                        .. names.Where(n => profile.Syscalls.Any(r => r.Names.Contains(n.Value))).Select(n => n.Key),
                    ];
                    for (int i = 0; i < numbers.Length; i++)
                    {
                        uint number = i % 2 == 0 && named.Length > 0 ? named[numbers[i] % named.Length] : numbers[i];
                        FilteredCall call = new(architecture, number, arguments[i]);
                        uint expected = NaiveProfile.Answer(
                            profile,
                            names.GetValueOrDefault(number),
                            isNewer: named.Length > 0 && number > named.Max(),
                            arguments[i]
                        );
                        uint answer = FilterMachine.Run(filter, call).Verdict;
                        Assert.True(expected == answer, $"{call}: {answer:x}, not {expected:x}");
                    }
                },
                iter: Chance.Iterations(2_000),
                time: Chance.Seconds
            );
    }

    /// <summary>What Linux 7.2 has and no libseccomp knows yet has its numbers on every architecture.</summary>
    [Theory]
    [InlineData("file_getattr", 468, true)]
    [InlineData("file_setattr", 469, true)]
    [InlineData("listns", 470, true)]
    [InlineData("rseq_slice_yield", 471, true)]
    [InlineData("map_shadow_stack", 453, true)]
    [InlineData("uretprobe", 335, false)]
    [InlineData("uprobe", 336, false)]
    public void Calls_of_the_newest_kernel_are_known_by_name(string name, uint number, bool isEverywhere)
    {
        SeccompSpec profile = new()
        {
            DefaultAction = SeccompActionType.Errno,
            Syscalls = [new() { Names = [name], Action = SeccompActionType.Allow }],
        };
        (CpuArchitecture, SeccompArchitecture, uint Token, uint Bit)[] kinds =
        [
            (CpuArchitecture.X64, SeccompArchitecture.X64, X64, 0),
            (CpuArchitecture.X64, SeccompArchitecture.X32, X64, 0x4000_0000),
            (CpuArchitecture.X64, SeccompArchitecture.X86, X86, 0),
            (CpuArchitecture.Arm64, SeccompArchitecture.Arm64, Arm64, 0),
            (CpuArchitecture.Arm64, SeccompArchitecture.Arm, Arm, 0),
        ];
        for (int i = 0; i < kinds.Length; i++)
        {
            (CpuArchitecture processor, SeccompArchitecture kind, uint token, uint bit) = kinds[i];
            SocketFilter[] filter = SeccompCompiler.Compile(profile with { Architectures = [kind] }, processor);

            uint answer = FilterMachine.Run(filter, new(token, number | bit, new ulong[6])).Verdict;

            Assert.Equal(isEverywhere || i < 2, answer == Allow);
        }
    }

    /// <summary>Every architecture that the specification names can be asked for; the kernel of another has no calls here.</summary>
    [Theory]
    [InlineData(CpuArchitecture.X64, SeccompArchitecture.X64, SeccompArchitecture.X86, SeccompArchitecture.X32)]
    [InlineData(CpuArchitecture.Arm64, SeccompArchitecture.Arm64, SeccompArchitecture.Arm, SeccompArchitecture.Arm)]
    public void Architectures_of_other_processors_add_nothing(
        CpuArchitecture processor,
        SeccompArchitecture first,
        SeccompArchitecture second,
        SeccompArchitecture third
    )
    {
        SeccompArchitecture[] all = Enum.GetValues<SeccompArchitecture>();
        SeccompSpec profile = new()
        {
            DefaultAction = SeccompActionType.Errno,
            Syscalls = [new() { Names = ["read", "openat", "socket"], Action = SeccompActionType.Allow }],
        };

        Assert.Equal(23, all.Length);
        Assert.Equal(
            SeccompCompiler.Compile(profile with { Architectures = [first, second, third] }, processor),
            SeccompCompiler.Compile(profile with { Architectures = all }, processor)
        );
        Assert.NotEqual(
            SeccompCompiler.Compile(profile with { Architectures = [first] }, processor),
            SeccompCompiler.Compile(profile with { Architectures = [first, second] }, processor)
        );
    }

    [Fact]
    public void A_call_of_an_architecture_that_is_not_named_kills_the_thread()
    {
        SeccompSpec profile = Profile(SeccompActionType.Allow);

        Assert.Equal(Allow, Answer(profile, CpuArchitecture.X64, X64, 0));
        Assert.Equal(Kill, Answer(profile, CpuArchitecture.X64, X86, 0));
        Assert.Equal(Kill, Answer(profile, CpuArchitecture.X64, X64, 0x4000_0000));
        Assert.Equal(Kill, Answer(profile, CpuArchitecture.X64, Arm64, 0));
        Assert.Equal(Allow, Answer(profile, CpuArchitecture.Arm64, Arm64, 0));
        Assert.Equal(Kill, Answer(profile, CpuArchitecture.Arm64, Arm, 0));
    }

    [Fact]
    public void The_number_by_which_a_tracer_makes_a_call_void_is_no_call_of_x32() =>
        Assert.Equal(Allow, Answer(Profile(SeccompActionType.Allow), CpuArchitecture.X64, X64, uint.MaxValue));

    // Numbers of the headers: execve is 59, 520 on x32, 11 on i386; mkdir is 39, 83.
    [Fact]
    public void A_name_is_another_number_on_each_architecture()
    {
        SeccompSpec profile = Profile(SeccompActionType.Errno, Rule(SeccompActionType.Allow, "execve", "statx")) with
        {
            Architectures = [SeccompArchitecture.X32, SeccompArchitecture.X86, SeccompArchitecture.Mips],
        };

        Assert.Equal(Allow, Answer(profile, CpuArchitecture.X64, X64, 59));
        Assert.Equal(Refused, Answer(profile, CpuArchitecture.X64, X64, 11));
        Assert.Equal(Allow, Answer(profile, CpuArchitecture.X64, X64, 0x4000_0000 + 520));
        Assert.Equal(Refused, Answer(profile, CpuArchitecture.X64, X64, 0x4000_0000 + 59));
        Assert.Equal(Allow, Answer(profile, CpuArchitecture.X64, X86, 11));
        Assert.Equal(Refused, Answer(profile, CpuArchitecture.X64, X86, 59));
    }

    [Fact]
    public void A_call_that_is_newer_than_all_that_the_profile_names_does_not_exist()
    {
        SeccompSpec profile = Profile(SeccompActionType.Errno, Rule(SeccompActionType.Allow, "read", "openat2"));

        Assert.Equal(Refused, Answer(profile, CpuArchitecture.X64, X64, 436));
        Assert.Equal(Allow, Answer(profile, CpuArchitecture.X64, X64, 437));
        Assert.Equal(NoSuchCall, Answer(profile, CpuArchitecture.X64, X64, 438));
        Assert.Equal(NoSuchCall, Answer(profile, CpuArchitecture.X64, X64, 0x3fff_ffff));
        Assert.Equal(Kill, Answer(profile, CpuArchitecture.X64, X64, 0x4000_0000));
    }

    [Theory]
    [InlineData(SeccompActionType.Allow, Allow)]
    [InlineData(SeccompActionType.Log, 0x7ffc_0000)]
    [InlineData(SeccompActionType.Trace, 0x7ff0_0001)]
    public void A_profile_that_lets_unknown_calls_through_does_so_with_new_ones(SeccompActionType action, uint word) =>
        Assert.Equal(
            word,
            Answer(Profile(action, Rule(SeccompActionType.KillProcess, "read")), CpuArchitecture.X64, X64, 400)
        );

    // socket is 359, or 102 with 1.
    [Fact]
    public void Calls_that_i386_makes_through_one_call_are_found_there()
    {
        SeccompSpec profile = Profile(SeccompActionType.Allow, Rule(SeccompActionType.Errno, "socket", "shmget")) with
        {
            Architectures = [SeccompArchitecture.X86],
        };

        Assert.Equal(Refused, Answer(profile, CpuArchitecture.X64, X86, 359));
        Assert.Equal(Refused, Answer(profile, CpuArchitecture.X64, X86, 102, 1));
        Assert.Equal(Allow, Answer(profile, CpuArchitecture.X64, X86, 102, 2));
        Assert.Equal(Refused, Answer(profile, CpuArchitecture.X64, X86, 117, 23));
        Assert.Equal(Allow, Answer(profile, CpuArchitecture.X64, X86, 117, 24));
    }

    // mmap is 90.
    [Fact]
    public void A_call_through_another_counts_among_the_newest()
    {
        SeccompSpec profile = Profile(SeccompActionType.Trap, Rule(SeccompActionType.Allow, "mmap", "accept")) with
        {
            Architectures = [SeccompArchitecture.X86],
        };

        Assert.Equal(0x0003_0000u, Answer(profile, CpuArchitecture.X64, X86, 91));
        Assert.Equal(Allow, Answer(profile, CpuArchitecture.X64, X86, 102, 5));
        Assert.Equal(NoSuchCall, Answer(profile, CpuArchitecture.X64, X86, 103));
    }

    [Fact]
    public void Hot_calls_are_decided_in_few_instructions()
    {
        string[] names = [.. Enum.GetNames<Syscall>().Where((_, i) => i % 3 != 0), "read", "write", "futex"];
        SeccompSpec profile = Profile(SeccompActionType.Errno, Rule(SeccompActionType.Allow, names)) with
        {
            Architectures = [SeccompArchitecture.X86, SeccompArchitecture.X32],
        };
        SocketFilter[] filter = SeccompCompiler.Compile(profile, CpuArchitecture.X64);

        foreach (uint hot in (uint[])[0, 1, 202])
        {
            (uint verdict, int steps) = FilterMachine.Run(filter, new FilteredCall(X64, hot, new ulong[6]));
            Assert.Equal(Allow, verdict);
            Assert.InRange(steps, 1, 12);
        }
    }

    [Fact]
    public void A_filter_of_which_branches_reach_too_short_jumps_further()
    {
        SeccompSpec profile = Profile(
            SeccompActionType.Allow,
            [
                .. Enumerable
                    .Range(0, 700)
                    .Select(i =>
                        Rule(SeccompActionType.Errno, "ioctl") with
                        {
                            ErrnoRet = (uint)i,
                            Args = [new SeccompArgSpec(1, (ulong)i << 33, 0, SeccompOperator.Equal)],
                        }
                    ),
            ]
        );
        SocketFilter[] filter = SeccompCompiler.Compile(profile, CpuArchitecture.X64);

        Assert.InRange(filter.Length, 2_000, 4_096);
        foreach (uint i in (uint[])[0, 1, 350, 699])
        {
            FilteredCall call = new(X64, 16, [0, (ulong)i << 33, 0, 0, 0, 0]);
            Assert.Equal(0x0005_0000 + i, FilterMachine.Run(filter, call).Verdict);
        }

        Assert.Equal(Allow, FilterMachine.Run(filter, new FilteredCall(X64, 16, [0, 7, 0, 0, 0, 0])).Verdict);
        Assert.Equal(Allow, FilterMachine.Run(filter, new FilteredCall(X64, 0, new ulong[6])).Verdict);
    }

    [Fact]
    public void A_filter_that_is_too_long_for_the_kernel_is_refused_by_name()
    {
        SeccompArgSpec[] args =
        [
            .. Enumerable.Range(0, 3_000).Select(i => new SeccompArgSpec(1, (ulong)i, 0, SeccompOperator.Equal)),
        ];
        SeccompSpec profile = Profile(
            SeccompActionType.Allow,
            Rule(SeccompActionType.Errno, "ioctl") with
            {
                Args = args,
            }
        );

        SpecException e = Assert.Throws<SpecException>(() => SeccompCompiler.Compile(profile, CpuArchitecture.X64));

        Assert.Equal("linux.seccomp.syscalls", e.Property);
        Assert.Contains("the kernel takes 4096", e.Problem, StringComparison.Ordinal);
    }

    private static uint Answer(
        SeccompSpec profile,
        CpuArchitecture processor,
        uint architecture,
        uint number,
        ulong first = 0
    ) =>
        FilterMachine
            .Run(
                SeccompCompiler.Compile(profile, processor),
                new FilteredCall(architecture, number, [first, 0, 0, 0, 0, 0])
            )
            .Verdict;

    private static SeccompSpec Profile(SeccompActionType action, params SeccompRuleSpec[] rules) =>
        new() { DefaultAction = action, Syscalls = rules };

    private static SeccompRuleSpec Rule(SeccompActionType action, params string[] names) =>
        new() { Names = names, Action = action };
}
