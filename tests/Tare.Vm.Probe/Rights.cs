using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>What only root with all of its capabilities may do, and what a security module says of a process.</summary>
internal static class Rights
{
    /// <summary>A program under a profile of AppArmor's, or with a context of SELinux's.</summary>
    public static async Task<int> LabelAsync(string module, string name)
    {
        bool profile = module == "apparmor";
        ProcessStartOptions options = new(
            "sh",
            "-c",
            "tr -d '\\0' </proc/self/attr/current; [ ! -e /forbidden ] || cat /forbidden 2>&1"
        )
        {
            SecurityContext = new(profile ? LsmId.LSM_ID_APPARMOR : LsmId.LSM_ID_SELINUX, name),
        };
        Errno known = profile ? SecurityModules.TestProfile(name).Errno : SecurityModules.TestContext(name).Errno;
        Console.WriteLine($"test={SecurityModules.HasAppArmor},{SecurityModules.HasSelinux},{known}");
        foreach (bool filtered in (bool[])[false, true])
        {
            try
            {
                ProcessTextOutput output = await ChildProcess.RunAndCaptureTextAsync(
                    options with
                    {
                        NoNewPrivileges = filtered,
                        Seccomp = filtered ? SeccompProfile.Container.ToFilter() : null,
                    }
                );
                Console.WriteLine($"runs={output.StandardOutput.TrimEnd().Replace('\n', ',')}");
            }
            catch (ProcessStartException failure)
            {
                Console.WriteLine($"fails={failure.Setting},{failure.Errno}");
            }
        }

        SysResult<IReadOnlyList<SecurityContext>> own = SecurityModules.GetOwn(LsmAttribute.LSM_ATTR_CURRENT);
        Console.WriteLine($"own={(own.Ok ? string.Join(',', own.Value.Select(context => context.Text)) : own.Errno)}");
        return 0;
    }

    /// <summary>Hard limits that are raised, a better score of the OOM killer and a lower nice value: CAP_SYS_RESOURCE, CAP_SYS_NICE.</summary>
    public static async Task<int> RaiseAsync()
    {
        ProcessStartOptions options = new(
            "sh",
            "-c",
            "ulimit -Hn; cat /proc/self/oom_score_adj; cut -d' ' -f19 /proc/self/stat; read line; ulimit -Hn"
        )
        {
            Limits = More,
            OomScoreAdjust = -500,
            Nice = -5,
            StandardInput = ChildStream.Pipe,
            StandardOutput = ChildStream.Pipe,
        };
        await using ChildProcess child = ChildProcess.Start(options);
        using StreamReader reader = new(child.StandardOutput!);
        string? limit = await reader.ReadLineAsync();
        Console.WriteLine($"limit={limit == $"{Most() + 100}"}");
        Console.WriteLine($"score={await reader.ReadLineAsync()}");
        Console.WriteLine($"nice={await reader.ReadLineAsync()}");
        ProcessLimits.Of(child.ProcessId).OpenFiles = new(100, (long)Most() + 200);
        await child.StandardInput!.WriteAsync("\n"u8.ToArray());
        Console.WriteLine($"later={await reader.ReadLineAsync() == $"{Most() + 200}"}");
        await child.WaitForExitAsync();
        return 0;
    }

    /// <summary>What of that others are refused.</summary>
    public static async Task<int> RefuseAsync()
    {
        ProcessStartOptions options = new("true");
        ProcessStartOptions[] wishes =
        [
            options with
            {
                Limits = More,
            },
            options with
            {
                OomScoreAdjust = -500,
            },
            options with
            {
                Nice = -5,
            },
        ];
        foreach (ProcessStartOptions wish in wishes)
        {
            try
            {
                await using ChildProcess child = ChildProcess.Start(wish);
                Console.WriteLine((await child.WaitForExitAsync()).ToString());
            }
            catch (ProcessStartException failure)
            {
                Console.WriteLine($"{failure.Setting}={failure.Errno}");
            }
        }

        return 0;
    }

    private static ProcessStartLimits More => new() { OpenFiles = new(100, (long)Most() + 100) };

    private static ulong Most() => ResourceLimits.Get(ResourceLimit.RLIMIT_NOFILE).OrThrow("getrlimit").Maximum;

    /// <summary>Who may look into a process that is not its child, where Yama forbids it.</summary>
    public static async Task<int> TraceAsync()
    {
        await using ChildProcess traced = Start("traced");
        await using ChildProcess tracer = Start("tracing", $"{traced.ProcessId}");
        using StreamReader from = new(tracer.StandardOutput!);
        using StreamReader ready = new(traced.StandardOutput!);
        Console.WriteLine($"before={await from.ReadLineAsync()}");
        await traced.StandardInput!.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{tracer.ProcessId}\n"));
        await ready.ReadLineAsync();
        await tracer.StandardInput!.WriteAsync("\n"u8.ToArray());
        Console.WriteLine($"after={await from.ReadLineAsync()}");
        return 0;

        static ChildProcess Start(params string[] arguments) =>
            ChildProcess.Start(
                new("/programs/probe", arguments)
                {
                    StandardInput = ChildStream.Pipe,
                    StandardOutput = ChildStream.Pipe,
                }
            );
    }

    /// <summary>Lets somebody look.</summary>
    public static int Traced()
    {
        ProcessSecurity.SetTracer(int.Parse(Console.ReadLine()!));
        Console.WriteLine("set");
        Console.ReadLine();
        return 0;
    }

    /// <summary>Looks, where nothing is: EFAULT is that it might.</summary>
    public static int Tracing(int process)
    {
        for (int i = 0; i < 2; i++)
        {
            Console.WriteLine(ProcessMemory.Read(process, 0, new byte[1]).Errno);
            Console.ReadLine();
        }

        return 0;
    }

    /// <summary>What others let this user be in a user namespace: newuidmap(1), newgidmap(1).</summary>
    public static async Task<int> MapAsync(uint user)
    {
        ImmutableArray<IdRange> ranges = [new(0, user, 1), new(1, 100_000, 9)];
        ProcessTextOutput mapped = await ChildProcess.RunAndCaptureTextAsync(
            new("sh", "-c", "tr -s ' ' </proc/self/uid_map; tr -s ' ' </proc/self/gid_map; id -u")
            {
                Namespaces = new()
                {
                    New = CloneFlags.CLONE_NEWUSER,
                    Users = ranges,
                    Groups = ranges,
                },
            }
        );
        Console.WriteLine($"mapped={mapped.StandardOutput.Trim().Replace('\n', ',')}");
        SandboxResult boxed = await Sandbox.RunAsync(
            "sh",
            ["-c", "id -u; id -g; id -G"],
            new()
            {
                AllowWeaker = true,
                User = new ProcessCredentials(1234, 2345) { SupplementaryGroups = [7] },
            }
        );
        Console.WriteLine($"boxed={boxed.StandardOutput.Trim().Replace('\n', ',')}{boxed.StandardError}");
        return 0;
    }

    /// <summary>A program that gives up writing to memory that it executes, and ends without a word.</summary>
    public static int GiveUp()
    {
        SysResult denied = OwnMappings.DenyWriteExecute();
        SysResult<nint> mapped = OwnMappings.Map(
            null,
            (nuint)AnonymousMemory.PageSize,
            ProtectionFlags.PROT_READ | ProtectionFlags.PROT_WRITE | ProtectionFlags.PROT_EXEC,
            MapFlags.MAP_PRIVATE | MapFlags.MAP_ANONYMOUS
        );
        Console.WriteLine($"set={denied.Errno},{OwnMappings.GetDenyWriteExecute() is { Ok: true, Value: 1 }}");
        Console.WriteLine($"mapped={mapped.Errno}");
        Console.Out.Flush();
        Linux.Processes.Exit(7);
        return 0;
    }
}
