using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>A machine with SELinux and the policy that stands in Policies/policy.cil; permissive.</summary>
public sealed class SelinuxGuest()
    : Guest("selinux-bookworm", "bookworm", "security=selinux selinux=1 enforcing=0", LibraryFiles.AddProbe);

/// <summary>A machine with SELinux and a kernel that has calls for its attributes.</summary>
public sealed class NewSelinuxGuest()
    : Guest("selinux-trixie", "trixie", "security=selinux selinux=1 enforcing=0", LibraryFiles.AddProbe);

public sealed class SelinuxOnBookworm(SelinuxGuest guest) : SelinuxTests(guest), IClassFixture<SelinuxGuest>;

public sealed class SelinuxOnTrixie(NewSelinuxGuest guest) : SelinuxTests(guest), IClassFixture<NewSelinuxGuest>;

public abstract class SelinuxTests
{
    private const string Program = "system_u:system_r:container_t:s0:c1,c2";
    private const string Other = "system_u:system_r:other_t:s0";
    private const string Files = "system_u:object_r:container_file_t:s0:c1,c2";
    private const string Load =
        "[ -e /sys/fs/selinux/load ] || mount -t selinuxfs selinuxfs /sys/fs/selinux; "
        + "dd if=/lib/contexts of=/sys/fs/selinux/load bs=1M 2>/dev/null || exit 9; ";

    private readonly Guest _guest;

    protected SelinuxTests(Guest guest)
    {
        Require.Program("secilc");
        _guest = guest;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_program_gets_the_context_that_is_asked_for(bool noNewPrivileges)
    {
        string bundle = Labelled(
            ["sh", "-c", "cat /proc/self/attr/current | tr -d '\\0'; echo; sleep 1000"],
            config => config["process"]!["noNewPrivileges"] = noNewPrivileges
        );

        ToolResult result = _guest.Run(
            $$"""
            {{Load}}
            mkfifo /tmp/out; exec 6<>/tmp/out; rm /tmp/out
            tare-oci run --detach --bundle {{bundle}} labelled >&6 || exit 8
            read -r line <&6; echo $line
            tare-oci exec labelled cat /proc/self/attr/current | tr -d '\0'; echo
            tare-oci exec --process-label {{Other}} labelled cat /proc/self/attr/current | tr -d '\0'; echo
            """
        );

        Assert.Equal([Program, Program, Other], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void The_library_starts_a_program_with_the_context_that_is_asked_for()
    {
        ToolResult result = _guest.Run(
            $"{Load}\nprobe label selinux {Program}\nprobe label selinux no:such:context:s0"
        );

        string[] lines = result.ShouldSucceed().Lines;
        Assert.Equal(["test=False,True,None", $"runs={Program}", $"runs={Program}"], lines[..3]);
        Assert.Equal(
            ["test=False,True,EINVAL", "fails=SecurityContext,EINVAL", "fails=SecurityContext,EINVAL"],
            lines[4..7]
        );
    }

    [Fact]
    public void File_systems_get_the_context_that_is_asked_for()
    {
        string bundle = Labelled([
            "awk",
            "$5 ~ \"^/(dev|proc|sys)\" { print $5, $NF ~ /context=/ ? $NF : \"\" }",
            "/proc/self/mountinfo",
        ]);

        ToolResult result = _guest.Run($"{Load}tare-oci run --bundle {bundle} labelled");

        // That of the message queues is set on the directory itself, which no program here can read.
        string[] labelled =
        [
            .. result.ShouldSucceed().Lines.Where(line => line.Contains(Files, StringComparison.Ordinal)),
        ];
        Assert.Equal(["/dev", "/dev/pts", "/dev/shm"], labelled.Select(line => line.Split(' ')[0]).Where(IsNoMask));
        Assert.Contains("/dev/mqueue ", result.Lines);

        static bool IsNoMask(string path) => path.StartsWith("/dev", StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_that_the_policy_does_not_know_is_an_error()
    {
        const string Absent = "system_u:system_r:absent_t:s0";
        string bundle = Labelled(["true"], config => config["process"]!["selinuxLabel"] = Absent);

        ToolResult result = _guest.Run($"{Load}tare-oci run --bundle {bundle} labelled 2>&1; echo $?");

        Assert.Equal(
            [
                $"tare-oci: process.selinuxLabel: the policy of selinux knows no context '{Absent}': EINVAL (name another)",
                "1",
            ],
            result.Lines
        );
    }

    private string Labelled(string[] arguments, Action<JsonObject>? edit = null) =>
        _guest.Bundle(
            arguments,
            config =>
            {
                config["process"]!["selinuxLabel"] = Program;
                config["linux"]!["mountLabel"] = Files;
                edit?.Invoke(config);
            }
        );
}
