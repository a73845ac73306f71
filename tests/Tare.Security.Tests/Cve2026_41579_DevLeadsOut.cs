using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// An image whose /dev is a symlink out of it: the runtime removes a ptmx and makes links and devices where it leads, on the
/// host (the same in crun: CVE-2026-47766).
/// </summary>
public sealed class Cve2026_41579_DevLeadsOut
{
    [Theory]
    [InlineData("{outside}", true)]
    [InlineData("{outside}", false)]
    [InlineData("../../../../../../../../../..{outside}", true)]
    [InlineData("../../../../../../../../../..{outside}", false)]
    [InlineData("/proc/1/root{outside}", false)]
    [InlineData("proc/self/cwd/../..{outside}", false)]
    public void Nothing_is_removed_or_made_where_it_leads(string target, bool hasMount)
    {
        using Victim victim = new();
        string multiplexer = Path.Combine(victim.NewFolder(), "ptmx");
        using Bundle bundle = new(
            ["echo", "started"],
            edit: config => (hasMount ? config : config.WithoutDev()).Writable()
        );
        string folder = Path.GetDirectoryName(multiplexer)!;
        File.WriteAllText(multiplexer, "of the host");
        Directory.Delete(Path.Combine(bundle.Rootfs, "dev"));
        File.CreateSymbolicLink(
            Path.Combine(bundle.Rootfs, "dev"),
            target.Replace("{outside}", folder, StringComparison.Ordinal)
        );

        ToolResult result = victim.Run(bundle);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Equal([multiplexer], Directory.GetFileSystemEntries(folder));
        Assert.Equal("of the host", File.ReadAllText(multiplexer));
    }

    [Fact]
    public void A_dev_that_is_exchanged_leads_nowhere_else()
    {
        using Victim victim = new();
        using Bundle bundle = new(["true"], edit: config => config.WithoutDev().Writable());
        Tool.Run("sh", "-c", $"cd {bundle.Rootfs} && mknod -m 666 dev/null c 1 3 && ln -s {victim.Outside} link")
            .ShouldSucceed();
        using Bundle attacker = new(
            ["/bin/swap", "/shared/dev", "/shared/link"],
            edit: config => config.Bind(bundle.Rootfs, "/shared")
        );
        Attack.Install(attacker.Rootfs, "swap");
        using RunningTool attack = victim.Start(attacker, victim.NewId(), "swapping");

        Race race = Race.Run(victim, bundle.Path, Race.Tries);

        Assert.True(
            race.Started > 0 && race.Refused > 0,
            $"{race.Started} started, {race.Refused} refused: {race.Errors}"
        );
        victim.HostShouldBeUntouched();
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void A_runtime_that_goes_by_the_path_removes_the_hosts()
    {
        using Victim victim = new();
        string folder = victim.NewFolder();
        File.WriteAllText(Path.Combine(folder, "ptmx"), "of the host");
        using Bundle bundle = new(["true"]);
        Directory.Delete(Path.Combine(bundle.Rootfs, "dev"));
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "dev"), folder);

        Tool.Run("sh", "-c", $"rm {bundle.Rootfs}/dev/ptmx; ln -s pts/ptmx {bundle.Rootfs}/dev/ptmx").ShouldSucceed();

        Assert.Equal("pts/ptmx", new FileInfo(Path.Combine(folder, "ptmx")).LinkTarget);
    }
}
