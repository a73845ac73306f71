using System.Net;
using System.Net.Sockets;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Security;

public sealed class LandlockTests
{
    private const string Missing = "the kernel has no Landlock, or an older ABI";

    /// <summary>What programs need to run at all.</summary>
    private static LandlockPolicy Programs =>
        new LandlockPolicy()
            .AllowIfThere(LandlockAccess.Execute, "/usr", "/bin", "/lib", "/lib64", "/etc")
            .AllowIfThere(LandlockAccess.Write, "/dev/null");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_are_reached_where_a_rule_allows_it_only(bool ordinary)
    {
        Need(3);
        using TemporaryDirectory directory = new();
        Directory.CreateDirectory($"{directory.Path}/open");
        Directory.CreateDirectory($"{directory.Path}/shut");
        await File.WriteAllTextAsync($"{directory.Path}/open/file", "x", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync($"{directory.Path}/shut/file", "x", TestContext.Current.CancellationToken);
        OpenToAll(directory.Path, ordinary);
        using LandlockRuleset ruleset = Programs.Allow(LandlockAccess.Change, $"{directory.Path}/open").ToRuleset();

        (_, string output) = await Running.ShellAsync(
            $"""
            cd {directory.Path}
            cat open/file; echo
            echo y > open/new && echo written
            cat shut/file || echo no
            echo y > shut/file || echo no
            ls shut || echo no
            rm shut/file || echo no
            """,
            options =>
                options with
                {
                    Credentials = ordinary ? new ProcessCredentials(65534, 65534) : null,
                    NoNewPrivileges = true,
                    Landlock = ruleset,
                }
        );

        Assert.StartsWith("x\nwritten\n", output, StringComparison.Ordinal);
        Assert.Equal(4, output.Split('\n').Count(line => line == "no"));
        Assert.True(File.Exists($"{directory.Path}/shut/file"));
    }

    [Fact]
    public async Task A_file_can_be_allowed_by_itself()
    {
        Need(1);
        using TemporaryDirectory directory = new();
        await File.WriteAllTextAsync($"{directory.Path}/a", "a", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync($"{directory.Path}/b", "b", TestContext.Current.CancellationToken);
        LandlockPolicy policy = (Programs with { BestEffort = true }).Allow(
            LandlockAccess.Change,
            $"{directory.Path}/a"
        );
        using LandlockRuleset ruleset = policy.ToRuleset();

        (_, string output) = await Running.ShellAsync(
            $"cat {directory.Path}/a {directory.Path}/b",
            options => options with { NoNewPrivileges = true, Landlock = ruleset }
        );

        Assert.StartsWith("a", output, StringComparison.Ordinal);
        Assert.Contains("Permission denied", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_is_reached_where_a_rule_allows_it_only()
    {
        Need(4);
        string python = Require.Program("python3");
        using TcpListener open = new(IPAddress.Loopback, 0);
        using TcpListener shut = new(IPAddress.Loopback, 0);
        open.Start();
        shut.Start();
        LandlockPolicy policy = new LandlockPolicy
        {
            Files = LandlockAccessFs.None,
            Network =
                LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_TCP | LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_TCP,
        }.AllowPort(LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_TCP, Port(open));
        using LandlockRuleset ruleset = policy.ToRuleset();

        (ProcessExit exit, string output) = await Running.RunAsync(
            new(
                python,
                "-c",
                $"""
                import socket
                def attempt(f):
                    try: f(); print('yes')
                    except OSError as e: print(e.errno)
                attempt(lambda: socket.create_connection(('127.0.0.1', {Port(open)})))
                attempt(lambda: socket.create_connection(('127.0.0.1', {Port(shut)})))
                attempt(lambda: socket.socket().bind(('127.0.0.1', 0)))
                """
            )
            {
                NoNewPrivileges = true,
                Landlock = ruleset,
            }
        );

        Assert.Equal("yes\n13\n13\n", output);
        Assert.True(exit.Success);
    }

    [Fact]
    public async Task Processes_outside_are_out_of_reach_of_signals()
    {
        Need(6);
        using LandlockRuleset ruleset = new LandlockPolicy
        {
            Files = LandlockAccessFs.None,
            Scopes = LandlockScope.LANDLOCK_SCOPE_SIGNAL | LandlockScope.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET,
        }.ToRuleset();

        (_, string output) = await Running.ShellAsync(
            $"kill -0 {Environment.ProcessId} || echo no; kill -0 $$ && echo own",
            options => options with { NoNewPrivileges = true, Landlock = ruleset }
        );

        Assert.Contains("no\n", output, StringComparison.Ordinal);
        Assert.EndsWith("own\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logging_can_be_turned_off_where_the_kernel_logs()
    {
        Need(7);
        using LandlockRuleset ruleset = (
            Programs with
            {
                Logging = LandlockRestrictFlags.LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF,
            }
        ).ToRuleset();

        (ProcessExit exit, _) = await Running.ShellAsync(
            "true",
            options => options with { NoNewPrivileges = true, Landlock = ruleset }
        );

        Assert.True(exit.Success);
    }

    [Fact]
    public void A_kernel_that_restricts_single_threads_only_does_not_restrict_this_process()
    {
        Need(5);
        Assert.SkipWhen(LandlockPolicy.KernelAbi >= 8, "this kernel would restrict the tests themselves");
        using LandlockRuleset ruleset = new LandlockPolicy().ToRuleset();

        KernelException failure = Assert.Throws<KernelException>(ruleset.RestrictThisProcess);

        Assert.Equal(Errno.EOPNOTSUPP, failure.Errno);
        Assert.False(ProcessSecurity.NoNewPrivileges);
    }

    [Fact]
    public void The_kernel_says_which_faults_of_its_ABI_it_has_mended()
    {
        Need(7);

        Assert.True(Landlock.GetErrata().Ok);
    }

    [Fact]
    public void What_an_older_kernel_cannot_enforce_is_named()
    {
        LandlockPolicy policy = new()
        {
            Network = LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_TCP,
            Scopes = LandlockScope.LANDLOCK_SCOPE_SIGNAL,
            Logging = LandlockRestrictFlags.LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON,
        };

        Assert.Equal(
            [
                "LANDLOCK_ACCESS_FS_REFER",
                "LANDLOCK_ACCESS_FS_TRUNCATE",
                "LANDLOCK_ACCESS_FS_IOCTL_DEV",
                "LANDLOCK_ACCESS_NET_BIND_TCP",
                "LANDLOCK_SCOPE_SIGNAL",
                "LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON",
            ],
            Missed(1)
        );
        Assert.Equal(["LANDLOCK_SCOPE_SIGNAL", "LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON"], Missed(5));
        Assert.Empty(Missed(7));
        policy = new()
        {
            Files = LandlockAccess.All | LandlockAccess.Connect,
            Network =
                LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_TCP
                | LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP,
            QuietFiles = LandlockAccess.Connect,
        };
        Assert.Equal(
            ["LANDLOCK_ACCESS_FS_RESOLVE_UNIX", "LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP", "LANDLOCK_ADD_RULE_QUIET"],
            Missed(8)
        );
        Assert.Equal(["LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP", "LANDLOCK_ADD_RULE_QUIET"], Missed(9));
        Assert.Empty(Missed(10));

        IEnumerable<string> Missed(int abi)
        {
            LandlockRules.Keep(policy, abi, out var unenforced);
            return unenforced;
        }
    }

    [Fact]
    public void What_no_policy_can_say_is_an_ArgumentException()
    {
        Assert.Throws<ArgumentException>(() => new LandlockPolicy { Files = LandlockAccessFs.None }.ToRuleset());
        Assert.Throws<ArgumentException>(() => new LandlockPolicy().Allow(LandlockAccessFs.None, "/"));
        Assert.Throws<ArgumentException>(() => new LandlockPolicy().Allow(LandlockAccess.Read, ""));
        Assert.Throws<ArgumentException>(() =>
            new LandlockPolicy { Files = (LandlockAccessFs)(1UL << 60) }.ToRuleset()
        );
        Assert.Throws<ArgumentException>(() =>
            new LandlockPolicy().AllowPort(LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_TCP, 80)
        );
        Assert.Throws<ArgumentException>(() => new LandlockPolicy().Allow(LandlockAccess.Connect, "/"));
        Assert.Throws<ArgumentException>(() =>
            new LandlockPolicy { QuietScopes = LandlockScope.LANDLOCK_SCOPE_SIGNAL }.ToRuleset()
        );
    }

    [Fact]
    public void A_missing_path_is_an_error_unless_it_may_be_missing()
    {
        Need(5);
        KernelException failure = Assert.Throws<KernelException>(() =>
            new LandlockPolicy().Allow(LandlockAccess.Read, "/nowhere").ToRuleset()
        );

        Assert.Equal((Errno.ENOENT, "/nowhere"), (failure.Errno, failure.Target));
        new LandlockPolicy().AllowIfThere(LandlockAccess.Read, "/nowhere").ToRuleset().Dispose();
    }

    private static void Need(int abi) => Assert.SkipWhen(LandlockPolicy.KernelAbi < abi, Missing);

    private static ushort Port(TcpListener listener) => (ushort)((IPEndPoint)listener.LocalEndpoint).Port;

    private static void OpenToAll(string path, bool ordinary)
    {
        if (!ordinary)
        {
            return;
        }

        Require.Root();
        foreach (string entry in Directory.GetFileSystemEntries(path, "*", SearchOption.AllDirectories).Append(path))
        {
            File.SetUnixFileMode(entry, (UnixFileMode)0x1ff);
        }
    }
}
