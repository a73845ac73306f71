using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Creation;

/// <summary>Whatever cannot be is found before anything happens: not even a descriptor is opened.</summary>
public sealed class BadOptionTests
{
    private static readonly FileFd Open = Files.OpenAt(null, "/dev/null", OpenFlags.O_RDONLY).OrThrow("open");

    private static readonly FileFd Closed = MakeClosed();

    private static readonly ProcessStartOptions Fine = new("/nowhere/at-all");

    /// <summary>One that is bad of each option, by its name.</summary>
    private static readonly Dictionary<string, ProcessStartOptions[]> Bad = new()
    {
        [nameof(Fine.FileName)] =
        [
            Fine with
            {
                FileName = "",
            },
            Fine with
            {
                FileName = "a\0b",
            },
            Fine with
            {
                FileName = null!,
            },
        ],
        [nameof(Fine.Arguments)] =
        [
            Fine with
            {
                Arguments = ["a\0"],
            },
            Fine with
            {
                Arguments = [null!],
            },
            Fine with
            {
                Arguments = default,
            },
        ],
        [nameof(Fine.Argv0)] = [Fine with { Argv0 = "\0" }],
        [nameof(Fine.WorkingDirectory)] = [Fine with { WorkingDirectory = "" }, Fine with { WorkingDirectory = "\0" }],
        [nameof(Fine.RootDirectory)] = [Fine with { RootDirectory = "" }],
        [nameof(Fine.StandardInput)] =
        [
            Fine with
            {
                StandardInput = ChildStream.StandardOutput,
            },
            Fine with
            {
                StandardInput = null!,
            },
            Fine with
            {
                StandardInput = ChildStream.From(Closed),
            },
        ],
        [nameof(Fine.StandardOutput)] =
        [
            Fine with
            {
                StandardOutput = ChildStream.StandardOutput,
            },
            Fine with
            {
                StandardOutput = null!,
            },
            Fine with
            {
                StandardOutput = ChildStream.From(new FileFd(-1)),
            },
        ],
        [nameof(Fine.StandardError)] =
        [
            Fine with
            {
                StandardError = null!,
            },
            Fine with
            {
                StandardError = ChildStream.From(Closed),
            },
        ],
        [nameof(Fine.Executable)] = [Fine with { Executable = Closed }],
        [nameof(Fine.Landlock)] = [Fine with { Landlock = MakeDisposedRuleset() }],
        [nameof(Fine.Descriptors)] =
        [
            Fine with
            {
                Descriptors = ImmutableDictionary<int, FileDescriptor>.Empty.Add(2, Open),
            },
            Fine with
            {
                Descriptors = ImmutableDictionary<int, FileDescriptor>.Empty.Add(5, null!),
            },
            Fine with
            {
                Descriptors = ImmutableDictionary<int, FileDescriptor>.Empty.Add(5, new FileFd(-1)),
            },
            Fine with
            {
                Descriptors = null!,
            },
        ],
        [nameof(Fine.Terminal)] = [Fine with { Terminal = new(1, 1), StandardOutput = ChildStream.Pipe }],
        [nameof(Fine.Credentials)] =
        [
            Fine with
            {
                Credentials = new(uint.MaxValue, 1),
            },
            Fine with
            {
                Credentials = new(1, uint.MaxValue),
            },
            Fine with
            {
                Credentials = new(1, 1) { SupplementaryGroups = [1], KeepSupplementaryGroups = true },
            },
            Fine with
            {
                Credentials = new(1, 1) { SupplementaryGroups = default },
            },
            Fine with
            {
                Credentials = new(1, 1) { SupplementaryGroups = [.. new uint[65_537]] },
            },
        ],
        [nameof(Fine.Umask)] = [Fine with { Umask = (FileModes)0x1000 }],
        [nameof(Fine.Limits)] =
        [
            Fine with
            {
                Limits = new() { CpuTime = new(TimeSpan.FromSeconds(-1), null) },
            },
            Fine with
            {
                Limits = new() { AddressSpace = new(2, 1) },
            },
            Fine with
            {
                Limits = null!,
            },
        ],
        [nameof(Fine.Nice)] =
        [
            Fine with
            {
                Nice = 20,
            },
            Fine with
            {
                Nice = -21,
            },
            Fine with
            {
                Nice = 1,
                Scheduling = new(SchedulingPolicy.SCHED_RR) { Priority = 1 },
            },
        ],
        [nameof(Fine.Scheduling)] =
        [
            Fine with
            {
                Scheduling = new((SchedulingPolicy)99),
            },
            Fine with
            {
                Scheduling = new(SchedulingPolicy.SCHED_OTHER) { Priority = 1 },
            },
            Fine with
            {
                Scheduling = new(SchedulingPolicy.SCHED_FIFO) { Priority = 100 },
            },
            Fine with
            {
                Scheduling = new(SchedulingPolicy.SCHED_DEADLINE),
            },
            Fine with
            {
                Scheduling = new(SchedulingPolicy.SCHED_OTHER) { Runtime = TimeSpan.FromTicks(-1) },
            },
        ],
        [nameof(Fine.ProcessIds)] =
        [
            Fine with
            {
                ProcessIds = [0],
            },
            Fine with
            {
                ProcessIds = [2],
                Namespaces = new() { New = CloneFlags.CLONE_NEWPID },
            },
            Fine with
            {
                ProcessIds = [.. Enumerable.Range(1, 33)],
            },
        ],
        [nameof(Fine.Processors)] =
        [
            Fine with
            {
                Processors = [],
            },
            Fine with
            {
                Processors = [-1],
            },
            Fine with
            {
                Processors = [8192],
            },
        ],
        [nameof(Fine.IoPriority)] = [Fine with { IoPriority = new(IoPriorityClass.IOPRIO_CLASS_BE, 8) }],
        [nameof(Fine.OomScoreAdjust)] = [Fine with { OomScoreAdjust = 1001 }],
        [nameof(Fine.ProcessGroup)] =
        [
            Fine with
            {
                ProcessGroup = -1,
            },
            Fine with
            {
                ProcessGroup = 0,
                NewSession = true,
            },
        ],
        [nameof(Fine.IgnoredSignals)] =
        [
            Fine with
            {
                IgnoredSignals = [Signal.SIGKILL],
            },
            Fine with
            {
                IgnoredSignals = [Signal.None],
            },
            Fine with
            {
                IgnoredSignals = default,
            },
        ],
        [nameof(Fine.Namespaces)] =
        [
            Fine with
            {
                Namespaces = new() { New = CloneFlags.CLONE_VM },
            },
            Fine with
            {
                Namespaces = null!,
            },
            Fine with
            {
                Namespaces = new()
                {
                    New = CloneFlags.CLONE_NEWUSER,
                    Users = default,
                    Groups = default,
                },
            },
            Fine with
            {
                Namespaces = new() { Joined = default },
            },
            Fine with
            {
                Namespaces = new() { Joined = [null!] },
            },
            Fine with
            {
                Namespaces = new() { Parameters = null! },
            },
        ],
        [nameof(Fine.Capabilities)] = [Fine with { Capabilities = new(0, 1, 0, 0, 0) }],
        [nameof(Fine.AdoptOrphans)] =
        [
            Fine with
            {
                AdoptOrphans = true,
                KeepDescendants = true,
            },
            Fine with
            {
                AdoptOrphans = true,
                Limits = new() { FileLocks = new(1, 1) },
            },
        ],
        [nameof(Fine.Personality)] = [Fine with { Personality = (PersonalityFlags)1 }],
        [nameof(Fine.TimerSlack)] =
        [
            Fine with
            {
                TimerSlack = TimeSpan.Zero,
            },
            Fine with
            {
                TimerSlack = TimeSpan.FromTicks(-5),
            },
        ],
        [nameof(Fine.MemoryPolicy)] =
        [
            Fine with
            {
                MemoryPolicy = new((MemoryPolicyMode)17),
            },
            Fine with
            {
                MemoryPolicy = new(MemoryPolicyMode.MPOL_BIND),
            },
            Fine with
            {
                MemoryPolicy = new(MemoryPolicyMode.MPOL_LOCAL) { Nodes = [0] },
            },
            Fine with
            {
                MemoryPolicy = new(MemoryPolicyMode.MPOL_BIND) { Nodes = [-1] },
            },
            Fine with
            {
                MemoryPolicy = new(MemoryPolicyMode.MPOL_BIND) { Nodes = [0], Flags = (MemoryPolicyFlags)1 },
            },
        ],
        [nameof(Fine.Memory)] = [Fine with { Memory = new() { CoreDump = (CoreDumpContent)512 } }],
        [nameof(Fine.Seccomp)] =
        [
            Fine with
            {
                Seccomp = SeccompFilterOf(0),
            },
            Fine with
            {
                Seccomp = SeccompFilterOf(4097),
            },
        ],
    };

    /// <summary>Options of which every value can be: flags, and what was checked when it was made.</summary>
    private static readonly string[] NeverBad =
    [
        nameof(Fine.Environment),
        nameof(Fine.SecureBits),
        nameof(Fine.NoNewPrivileges),
        nameof(Fine.NewSession),
        nameof(Fine.NewSessionKeyring),
        nameof(Fine.SecurityContext),
        nameof(Fine.KillOnParentExit),
        nameof(Fine.BlockedSignals),
        nameof(Fine.DefaultSignals),
        nameof(Fine.KeepDescendants),
        nameof(Fine.OwnCore),
        nameof(Fine.ControlGroup),
    ];

    public static TheoryData<string> Names => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bad_option_is_a_bad_argument(string option) =>
        Assert.All(
            Bad[option],
            options =>
            {
                ArgumentException bad = Assert.ThrowsAny<ArgumentException>(() => ChildProcess.Start(options));
                Assert.StartsWith(option + ":", bad.Message, StringComparison.Ordinal);
                Assert.Equal(option, bad.ParamName);
                Assert.ThrowsAny<ArgumentException>(() => ChildProcess.StartSuspended(options));
                Assert.ThrowsAny<ArgumentException>(() => new PreparedStart(options));
            }
        );

    [Fact]
    public void Every_option_is_in_the_theory_or_cannot_be_bad()
    {
        string[] options = [.. typeof(ProcessStartOptions).GetProperties().Select(property => property.Name)];

        Assert.Equal(options.Order(), Bad.Keys.Concat(NeverBad).Order());
    }

    [Fact]
    public void Null_is_a_bad_argument()
    {
        Assert.Throws<ArgumentNullException>(() => ChildProcess.Start(null!));
        Assert.Throws<ArgumentNullException>("arguments", () => new ProcessStartOptions("true", null!));
    }

    private static FileFd MakeClosed()
    {
        FileFd made = Files.OpenAt(null, "/dev/null", OpenFlags.O_RDONLY).OrThrow("open");
        made.Dispose();
        return made;
    }

    private static LandlockRuleset MakeDisposedRuleset()
    {
        LandlockRuleset made = new LandlockPolicy { BestEffort = true }.ToRuleset();
        made.Dispose();
        return made;
    }

    private static SeccompFilter SeccompFilterOf(int length) =>
        new([.. Enumerable.Repeat(default(SocketFilter), length)]);
}
