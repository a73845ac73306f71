using Tare.Fixtures;

namespace Tare.Scripts.Tests;

/// <summary>What the tests rely on to see that nothing is left behind does see it.</summary>
public sealed class HostStateTests
{
    [Fact]
    public void A_mount_that_is_left_behind_is_seen()
    {
        Require.Root();
        using TemporaryDirectory place = new();
        HostState before = HostState.Take();

        Tool.Run("mount", "-t", "tmpfs", "tare-test", place.Path).ShouldSucceed();
        string[] left = HostState.Take().LeftSince(before, place.Path);
        Tool.Run("umount", place.Path).ShouldSucceed();

        Assert.Equal([$"mount {place.Path}"], left);
        before.ShouldBeAsBefore(place.Path);
    }

    [Fact]
    public void A_cgroup_that_is_left_behind_is_seen()
    {
        Require.Root();
        string hierarchy = Directory.Exists("/sys/fs/cgroup/pids") ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup";
        string cgroup = $"{hierarchy}/tare-test-{Guid.NewGuid():N}";
        HostState before = HostState.Take();

        Directory.CreateDirectory(cgroup);
        string[] left = HostState.Take().LeftSince(before, cgroup);
        Directory.Delete(cgroup);

        Assert.Equal([$"cgroup {cgroup}"], left);
    }

    [Fact]
    public void A_process_that_lives_on_in_its_own_namespaces_is_seen()
    {
        Require.Root();
        HostState before = HostState.Take();

        using RunningTool process = Tool.Start("unshare", "--mount", "sh", "-c", "echo ready; read line");
        process.WaitForText("ready");
        string[] left = HostState.Take().LeftSince(before, $"process {process.ProcessId} ");

        Assert.Equal([$"process {process.ProcessId} sh (in its own namespaces)"], left);
    }

    [Fact]
    public void A_file_of_ours_that_is_left_behind_is_seen()
    {
        HostState before = HostState.Take();
        string path;
        using (TemporaryDirectory folder = new())
        {
            path = folder.Path;
            Assert.Equal([$"file {path}"], HostState.Take().LeftSince(before, path));
        }

        before.ShouldBeAsBefore(path);
    }
}
