using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Oci;

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
}
