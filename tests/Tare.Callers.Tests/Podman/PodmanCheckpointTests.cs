using System.Globalization;
using Tare.Fixtures;

namespace Tare.Callers.Tests.Podman;

[Collection<PodmanCollection>]
public sealed class PodmanCheckpointTests(PodmanMachine podman)
{
    // It counts in its memory, and its starts on the disk.
    private static readonly string[] Counter =
    [
        "sh",
        "-c",
        "echo start >>/starts; while :; do i=$((i+1)); echo $i; sleep 0.1; done",
    ];

    [Fact]
    public void A_container_is_saved_and_goes_on_where_it_was()
    {
        RequireCriu();
        string name = podman.Start(["--network=none"], Counter);
        podman.WaitForLog(name, "3\n");

        podman.Run("container", "checkpoint", name).ShouldSucceed();
        Assert.Equal("exited true", podman.Inspect(name, "{{.State.Status}} {{.State.Checkpointed}}"));
        int before = LastOf(name);
        podman.Run("container", "restore", name).ShouldSucceed();

        podman.WaitForLog(name, $"\n{before + 1}\n");
        Assert.Equal("running", podman.Inspect(name, "{{.State.Status}}"));
        Assert.Equal(["start"], podman.Run("exec", name, "cat", "/starts").ShouldSucceed().Lines);
        podman.Run("rm", "--force", "--time=0", name).ShouldSucceed();
    }

    [Fact]
    public void A_container_that_runs_on_can_be_copied_under_another_name()
    {
        RequireCriu();
        string name = podman.Start(["--network=none"], Counter);
        string copy = $"{name}-copy";
        string archive = $"/var/tmp/{name}.tar.gz";
        podman.WaitForLog(name, "3\n");

        podman.Run("container", "checkpoint", "--leave-running", "--export", archive, name).ShouldSucceed();
        podman.Run("container", "restore", "--import", archive, "--name", copy).ShouldSucceed();

        podman.WaitForLog(copy, "\n");
        podman.WaitForLog(copy, $"\n{LastOf(copy) + 1}\n");
        Assert.Equal(["start"], podman.Run("exec", copy, "cat", "/starts").ShouldSucceed().Lines);
        Assert.Equal("running", podman.Inspect(name, "{{.State.Status}}"));
        podman.Run("rm", "--force", "--time=0", name, copy).ShouldSucceed();
    }

    private void RequireCriu()
    {
        Criu.Require();
        podman.Machine.Write("/usr/local/bin/criu", $"#!/bin/sh\nexec '{Criu.Folder()}/criu' \"$@\"\n");
        podman.Machine.Run("chmod", "755", "/usr/local/bin/criu").ShouldSucceed();
    }

    private int LastOf(string name) =>
        int.Parse(podman.Run("logs", name).ShouldSucceed().Lines[^1], CultureInfo.InvariantCulture);
}
