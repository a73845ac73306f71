using Tare.Fixtures;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Launched;

/// <summary>Programs that are really added to a container that really runs.</summary>
public sealed class ExecLaunchTests
{
    [Fact]
    public void A_program_is_added_to_all_namespaces_of_the_container()
    {
        using LaunchedContainer container = new();

        string[] names = ["cgroup", "ipc", "mnt", "net", "pid", "uts"];
        (int? code, string output) = container.Shell(
            $"for n in {string.Join(' ', names)}; do readlink /proc/self/ns/$n; done; hostname; pwd; exit 7"
        );

        Assert.Equal(7, code);
        Assert.Equal(
            [.. names.Select(name => new FileInfo($"/proc/{container.ProcessId}/ns/{name}").LinkTarget!), "runc", "/"],
            output.TrimEnd().Split('\n')
        );
    }

    [Fact]
    public void Its_credentials_and_working_directory_are_its_own()
    {
        using LaunchedContainer container = new();

        (_, string output) = container.Shell(
            "id -u; id -g; pwd; grep -E 'Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs' /proc/self/status",
            process =>
                process with
                {
                    User = new UserSpec { Uid = 0, Gid = 12 },
                    Cwd = "/etc",
                    NoNewPrivileges = true,
                }
        );

        Assert.Equal(
            "0\n12\n/etc\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\n"
                + "CapAmb:\t0000000000000000\nNoNewPrivs:\t1\n",
            output
        );
    }

    [Fact]
    public void Nothing_of_the_launcher_is_open_in_it()
    {
        using LaunchedContainer container = new();

        (_, string output) = container.Shell("ls /proc/self/fd | tr '\\n' ' '");

        // The last one is the directory that is being listed.
        Assert.Equal("0 1 2 3 ", output);
    }

    [Fact]
    public void A_working_directory_that_is_missing_is_an_error_and_not_made()
    {
        using LaunchedContainer container = new();

        LaunchException e = Assert.Throws<LaunchException>(() =>
            container.Shell("true", process => process with { Cwd = "/missing" })
        );

        Assert.Equal("open the working directory '/missing': ENOENT", e.Message);
        Assert.Equal(Errno.ENOENT, e.Failure.Errno);
        Assert.Equal(0, container.Shell("[ ! -e /missing ]").Code);
    }

    [Fact]
    public void A_descriptor_of_the_runtime_is_no_working_directory()
    {
        using LaunchedContainer container = new();

        for (int number = 3; number < 30; number++)
        {
            LaunchException e = Assert.Throws<LaunchException>(() =>
                container.Shell("true", process => process with { Cwd = $"/proc/self/fd/{number}" })
            );
            Assert.True(e.Failure.Errno is Errno.ELOOP or Errno.ENOENT, e.Message);
        }
    }

    [Fact]
    public void A_user_has_groups_and_a_working_directory_that_root_may_enter_for_it()
    {
        using LaunchedContainer container = new();
        container.Shell("mkdir -m 700 /private");

        (_, string output) = container.Shell(
            "id -u; id -G; pwd; umask",
            process =>
                process with
                {
                    User = new UserSpec
                    {
                        Uid = 1000,
                        Gid = 1001,
                        AdditionalGids = [5, 6],
                        Umask = 0x3F,
                    },
                    Cwd = "/private",
                }
        );

        Assert.Equal("1000\n1001 5 6\n/private\n0077\n", output);
    }

    [Fact]
    public void Root_of_a_user_namespace_is_who_it_is_there()
    {
        using LaunchedContainer container = new(Mapped);

        (_, string output) = container.Shell("id -u; cat /proc/self/uid_map; mkdir /made && stat -c %u /made");

        Assert.Equal(["0", "0 0 2000", "0"], output.TrimEnd().Split('\n').Select(OneSpace));
    }

    [Fact]
    public void A_user_namespace_without_proc_has_its_kernel_parameters_written()
    {
        using LaunchedContainer container = new(spec =>
            Mapped(spec)
                .Linux(linux =>
                    linux with
                    {
                        Sysctl = new Dictionary<string, string> { ["kernel.shmmni"] = "17" },
                    }
                ) with
            {
                Mounts = [.. spec.Mounts.Where(mount => mount.Destination != "/proc")],
            }
        );

        Assert.Equal("17", ReadIn(container, "kernel/shmmni"));
    }

    [Fact]
    public void A_user_of_a_user_namespace_without_root_is_who_it_is_there()
    {
        using LaunchedContainer container = new(spec =>
            Mapped(spec)
                .Process(process =>
                    process with
                    {
                        User = new UserSpec { Uid = 5, Gid = 5 },
                    }
                )
                .Linux(linux =>
                    linux with
                    {
                        UidMappings = [new IdMapping(5, 0, 10)],
                        GidMappings = [new IdMapping(5, 0, 10)],
                    }
                ) with
            {
                Mounts = [.. spec.Mounts.Where(mount => !mount.Options.Contains("gid=5"))],
            }
        );

        (_, string output) = container.Shell(
            "id -u; id -g",
            process =>
                process with
                {
                    User = new UserSpec { Uid = 7, Gid = 8 },
                }
        );

        Assert.Equal("7\n8\n", output);
    }

    [Fact]
    public void A_terminal_is_the_containers_own_and_controls_the_program()
    {
        using LaunchedContainer container = new();
        using SocketPair sockets = UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("make sockets");
        using LaunchedProcess process = container.Add(
            "tty; stty size; ls -l /proc/self/fd/0; [ $(ps -o pid,sid | awk -v p=$$ '$1 == p {print $2}') = $$ ] && : >/dev/tty && echo mine",
            process => process with { Terminal = true, ConsoleSize = new ConsoleSizeSpec(12, 34) },
            sockets.Second
        );
        using ReceivedMessage message = DescriptorPassing.Receive(sockets.First, new byte[64]).OrThrow("receive");

        string output = ReadUntilHangUp(message.Descriptors[0]);
        PidFds.Wait(process.Process);

        Assert.StartsWith("/dev/pts/0\r\n12 34\r\n", output, StringComparison.Ordinal);
        Assert.EndsWith("/dev/pts/0\r\nmine\r\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_joins_the_user_namespace_of_another_can_own_files_there()
    {
        using LaunchedContainer pod = new(Mapped);

        using LaunchedContainer container = new(spec =>
            spec.Linux(linux =>
                linux with
                {
                    Namespaces =
                    [
                        .. linux.Namespaces.Where(ns => ns.Type != NamespaceType.Network),
                        new NamespaceSpec(NamespaceType.User, $"/proc/{pod.ProcessId}/ns/user"),
                        new NamespaceSpec(NamespaceType.Network, $"/proc/{pod.ProcessId}/ns/net"),
                    ],
                }
            )
        );

        (_, string output) = container.Shell("id -u; stat -c %u /dev /dev/shm; readlink /proc/self/ns/user");

        Assert.Equal($"0\n0\n0\n{new FileInfo($"/proc/{pod.ProcessId}/ns/user").LinkTarget}\n", output);
    }

    private static RuntimeSpec Mapped(RuntimeSpec spec) =>
        spec.Linux(linux =>
            linux with
            {
                Namespaces = [.. linux.Namespaces, new NamespaceSpec(NamespaceType.User)],
                UidMappings = [new IdMapping(0, 0, 2000)],
                GidMappings = [new IdMapping(0, 0, 2000)],
            }
        );

    // The file of an IPC parameter shows the namespace of whoever opens it.
    private static string ReadIn(LaunchedContainer container, string parameter) =>
        Tool.Run("nsenter", "-i", "-t", $"{container.ProcessId}", "cat", $"/proc/sys/{parameter}")
            .ShouldSucceed()
            .Output.Trim();

    private static string OneSpace(string line) =>
        string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    // Reading fails with EIO once nobody has the other side open any more. pty(7).
    private static string ReadUntilHangUp(FileFd terminal)
    {
        List<byte> all = [];
        byte[] buffer = new byte[4096];
        while (Files.Read(terminal, buffer) is { Ok: true, Value: > 0 and { } length })
        {
            all.AddRange(buffer.AsSpan(0, length));
        }

        return System.Text.Encoding.UTF8.GetString([.. all]);
    }
}
