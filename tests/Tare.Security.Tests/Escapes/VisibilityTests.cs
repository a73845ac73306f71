using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests.Escapes;

/// <summary>What a program in a container sees of the machine.</summary>
public sealed class VisibilityTests
{
    [Fact]
    public void It_sees_no_process_of_the_host()
    {
        using Victim victim = new();
        using Bundle bundle = new(["sh", "-c", "for p in /proc/[0-9]*; do echo ${p#/proc/}; done"]);

        Assert.Equal(["1"], victim.Run(bundle).ShouldSucceed().Lines);
    }

    [Fact]
    public void Masked_files_are_empty_and_masked_directories_too()
    {
        using Victim victim = new();
        using Bundle bundle = new([
            "sh",
            "-c",
            "for f in kcore keys timer_list sched_debug; do [ ! -e /proc/$f ] || wc -c </proc/$f; done; "
                + "for d in /proc/acpi /proc/scsi /proc/asound /sys/firmware; do [ ! -e $d ] || ls -A $d | wc -l; done",
        ]);

        string[] lines = victim.Run(bundle).ShouldSucceed().Lines;

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal("0", line));
    }

    [Fact]
    public void What_it_mounts_the_host_does_not_see()
    {
        using Victim victim = new();
        string shared = victim.NewFolder();
        using Bundle bundle = new(
            ["sh", "-c", "mount -t tmpfs inside /shared && touch /shared/inside && grep -c ' /shared ' /proc/mounts"],
            edit: config => config.Capable("CAP_SYS_ADMIN").Bind(shared, "/shared").Writable()
        );

        Assert.Equal("2\n", victim.Run(bundle).ShouldSucceed().Output);
        Assert.Empty(Directory.GetFileSystemEntries(shared));
        Assert.DoesNotContain("inside", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_host_has_mounted_is_gone()
    {
        using Victim victim = new();
        using Bundle bundle = new(["cut", "-d", " ", "-f", "5", "/proc/self/mountinfo"]);

        string[] places = victim.Run(bundle).ShouldSucceed().Lines;

        Assert.Single(places, "/");
        Assert.All(
            places.Where(place => place != "/"),
            place => Assert.Contains(place.Split('/')[1], (string[])["proc", "dev", "sys"])
        );
    }

    [Fact]
    public void The_callers_environment_is_not_the_programs()
    {
        using Victim victim = new();
        using Bundle bundle = new(["sh", "-c", "env; tr '\\0' '\\n' </proc/1/environ; cat"]);
        string id = victim.NewId();
        ToolOptions secret = new()
        {
            Environment = new Dictionary<string, string?> { ["TARE_TEST_SECRET"] = "secret" },
        };

        ToolResult run = Tool.Run(victim.Runtime, ["--root", victim.State, "run", "--bundle", bundle.Path, id], secret);

        Assert.DoesNotContain("secret", run.ShouldSucceed().Output, StringComparison.Ordinal);
    }
}
