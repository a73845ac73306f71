using System.Security.Cryptography;
using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// The runtime's own executable is reached through /proc/PID/exe of a process that is still, or again, the runtime's, and
/// overwritten once nobody executes it: the next container is run by the attacker, as root of the machine.
/// </summary>
public sealed class Cve2019_5736_RuntimeIsOverwritten
{
    private const int Times = 75;

    [Theory]
    [InlineData("/proc/self/exe")]
    [InlineData("/bin/script")]
    [InlineData("/bin/loaded")]
    public void A_program_that_is_the_runtime_again_is_not_added(string program)
    {
        using Victim victim = new(isCopy: true);
        using Watcher watcher = new(victim);
        byte[] before = Sum(victim.Runtime);
        Plant(watcher.Rootfs);

        Race race = Race.Of($"runtime exec \"$2\" {program} --version 2>>\"$4\"", victim, watcher.Id, Times);

        Assert.Empty(race.Output);
        Watcher.ShouldHaveNothing(watcher.End());
        Assert.Equal(before, Sum(victim.Runtime));
    }

    [Theory]
    [InlineData("/proc/self/exe")]
    [InlineData("/bin/script")]
    [InlineData("/bin/loaded")]
    public void A_containers_first_program_is_not_the_runtime(string program)
    {
        using Victim victim = new(isCopy: true);
        using Bundle bundle = new([program, "--version"]);
        Plant(bundle.Rootfs);
        byte[] before = Sum(victim.Runtime);

        ToolResult result = victim.Run(bundle);

        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("version", result.Output, StringComparison.Ordinal);
        Assert.Equal(before, Sum(victim.Runtime));
    }

    [Fact]
    public void What_such_a_program_is_of_the_runtime_cannot_be_changed()
    {
        using Victim victim = new(isCopy: true);
        using Bundle bundle = new(["sleep", "1000"], edit: config => config.Writable());
        string id = victim.NewId();
        victim.Create(bundle, id).ShouldSucceed();
        byte[] before = Sum(victim.Runtime);

        // The machine's own root may open everything, and gets no further than the container's.
        ToolResult written = Tool.Run("sh", "-c", $"echo stolen >/proc/{victim.ProcessOf(id)}/exe");

        Assert.NotEqual(0, written.ExitCode);
        Assert.Equal(before, Sum(victim.Runtime));
        victim.Command("start", id).ShouldSucceed();
    }

    [Fact]
    public void A_container_that_waits_in_a_shared_pid_namespace_shows_nothing_of_it()
    {
        using Victim victim = new(isCopy: true);
        using Watcher watcher = new(victim);
        byte[] before = Sum(victim.Runtime);
        using Bundle bundle = new(["true"], edit: config => config.Join("pid", victim.NamespaceOf(watcher.Id, "pid")));
        string id = victim.NewId();
        victim.Create(bundle, id).ShouldSucceed();
        Race.Of("runtime state \"$2\" >/dev/null", victim, id, Times);
        victim.Command("start", id).ShouldSucceed();

        Watcher.ShouldHaveNothing(watcher.End());
        Assert.Equal(before, Sum(victim.Runtime));
    }

    [Fact]
    public void Containers_that_are_made_in_a_shared_pid_namespace_show_nothing_of_it()
    {
        using Victim victim = new(isCopy: true);
        using Watcher watcher = new(victim);
        byte[] before = Sum(victim.Runtime);
        using Bundle bundle = new(["true"], edit: config => config.Join("pid", victim.NamespaceOf(watcher.Id, "pid")));

        Race race = Race.Run(victim, bundle.Path, 2 * Times);

        Assert.Equal(2 * Times, race.Started);
        Watcher.ShouldHaveNothing(watcher.End());
        Assert.Equal(before, Sum(victim.Runtime));
    }

    [Fact]
    public void A_container_that_sees_the_machines_processes_gets_nothing_of_it()
    {
        using Victim victim = new(isCopy: true);
        using Watcher watcher = new(victim, config => config.Join("pid", path: null));
        byte[] before = Sum(victim.Runtime);
        using Bundle bundle = new(["true"]);

        Race race = Race.Run(victim, bundle.Path, 2 * Times);

        Assert.Equal(2 * Times, race.Started);
        Watcher.ShouldHaveNothing(watcher.End());
        Assert.Equal(before, Sum(victim.Runtime));
    }

    private static void Plant(string rootfs)
    {
        Tool.InstallProgram(Script(), Path.Combine(rootfs, "bin", "script"));
        Tool.InstallProgram(
            Attack.Program("loaded", "give", "-no-pie", "-Wl,--dynamic-linker=/proc/self/exe"),
            Path.Combine(rootfs, "bin", "loaded")
        );
    }

    private static string Script()
    {
        string path = Repository.At("artifacts", "attacks", "script");
        File.WriteAllText(path, "#!/proc/self/exe --version\n");
        return path;
    }

    private static byte[] Sum(string path) => SHA256.HashData(File.ReadAllBytes(path));
}
