using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_container_that_was_saved_is_gone_and_left_nothing_but_its_images()
    {
        SavedContainer saved = Counting();
        int process = saved.Container.ProcessId;
        using Ending ending = Ending.Of(process);

        saved.Checkpoint().ShouldSucceed();

        ending.Wait();
        Assert.Equal(
            $"tare-oci: container does not exist: '{saved.Container.Id}'\n",
            saved.Container.Do("state").ShouldExitWith(1).Errors
        );
        Traces.ShouldBeNone(_runtime.Root, saved.Container.Id);
        Assert.Contains("inventory.img", Directory.EnumerateFiles(saved.Images).Select(Path.GetFileName));
        Assert.True(File.Exists(Path.Combine(saved.Images, "dump.log")));
    }

    [Fact]
    public void A_container_that_is_left_running_goes_on_counting()
    {
        SavedContainer saved = Counting();

        saved.Checkpoint("--leave-running").ShouldSucceed();

        Assert.Equal("running", saved.Container.Status);
        saved.ShouldCount("three", 3);
        saved.Container.Do("pause").ShouldSucceed();
        saved.Container.Do("resume").ShouldSucceed();
        saved.ShouldCount("four", 4);
    }

    [Fact]
    public void A_paused_container_can_be_saved()
    {
        SavedContainer saved = Counting();
        saved.Container.Do("pause").ShouldSucceed();

        saved.Checkpoint().ShouldSucceed();
        saved.Restore().ShouldSucceed();

        Assert.Equal("running", saved.Container.Status);
        saved.ShouldCount("three", 3);
    }

    [Fact]
    public void The_log_is_where_the_work_is()
    {
        SavedContainer saved = Counting();
        string work = _runtime.Folder.At("new", "work");

        saved.Checkpoint("--work-path", work).ShouldSucceed();

        Assert.True(File.Exists(Path.Combine(work, "dump.log")));
        Assert.False(File.Exists(Path.Combine(saved.Images, "dump.log")));
    }

    [Fact]
    public void Memory_that_was_saved_before_is_not_saved_again()
    {
        Criu.RequireFeature("mem_dirty_track");
        SavedContainer saved = Counting();
        string before = _runtime.Folder.At("before");

        saved.Container.DoWith("checkpoint", "--pre-dump", "--image-path", before).ShouldSucceed();
        Assert.Equal("running", saved.Container.Status);
        saved.ShouldCount("three", 3);
        saved.Checkpoint("--parent-path", "../before").ShouldSucceed();

        Assert.True(Directory.Exists(Path.Combine(saved.Images, "parent")));
        saved.Restore().ShouldSucceed();
        saved.ShouldCount("four", 4);
    }

    [Fact]
    public void What_this_kernel_cannot_do_is_said_in_one_line_and_the_container_runs_on()
    {
        SavedContainer saved = Counting();
        Assert.SkipWhen(Criu.HasFeature("mem_dirty_track"), "this kernel tells which pages were written to");

        Assert.Equal(
            "tare-oci: --pre-dump: criu cannot do so on this kernel: ENOTSUP "
                + "(it needs CONFIG_MEM_SOFT_DIRTY: save everything at once)\n",
            saved.Checkpoint("--pre-dump").ShouldExitWith(1).Errors
        );

        saved.ShouldCount("three", 3);
    }

    [Fact]
    public void Pages_that_nobody_could_ask_for_are_not_served_and_the_container_runs_on()
    {
        SavedContainer saved = Counting();

        Assert.Equal(
            "tare-oci: --lazy-pages: nobody could ask for pages (add --page-server ADDRESS:PORT)\n",
            saved.Checkpoint("--lazy-pages").ShouldExitWith(1).Errors
        );
        saved.ShouldCount("three", 3);
    }

    /// <summary>CRIU would find out only when it is asked for the first page, with half of the container elsewhere.</summary>
    [Fact]
    public void Without_the_right_to_a_pipe_that_pages_fit_in_they_are_not_served_and_the_container_runs_on()
    {
        SavedContainer saved = Counting();
        int largest = int.Parse(File.ReadAllText("/proc/sys/fs/pipe-max-size"));
        int needed = 8 * Environment.SystemPageSize / 40 * Environment.SystemPageSize;
        Assert.SkipWhen(largest >= needed, "needs a machine whose fs.pipe-max-size is that of the kernel");

        ToolResult failed = _runtime.Shell(
            "setpriv --bounding-set -sys_resource --inh-caps -sys_resource "
                + $"'{OciRuntime.Program}' --root \"$1\" checkpoint --lazy-pages --page-server 127.0.0.1:4711 --image-path \"$2\" \"$3\"",
            _runtime.Root,
            saved.Images,
            saved.Container.Id
        );

        Assert.Equal(
            $"tare-oci: --lazy-pages: make a pipe of {needed} bytes: EPERM "
                + "(criu needs CAP_SYS_RESOURCE for that, or a larger fs.pipe-max-size, see sysctl(8))\n",
            failed.ShouldExitWith(1).Errors
        );
        saved.ShouldCount("three", 3);
    }

    [Fact]
    public void A_failure_names_the_error_and_the_log_and_the_container_runs_on()
    {
        // CRIU saves no second IPC namespace beside the container's own.
        SavedContainer saved = new(
            _runtime,
            Capable,
            "unshare -i sleep 1000 & until [ $(readlink /proc/$!/ns/ipc) != $(readlink /proc/1/ns/ipc) ]; do :; done; "
                + SavedContainer.Counting
        );
        saved.ShouldCount("one", 1);
        saved.ShouldCount("two", 2);
        string work = _runtime.Folder.At("work");

        ToolResult failed = saved.Checkpoint("--work-path", work).ShouldExitWith(1);

        Assert.Matches(
            $"^tare-oci: checkpoint container {saved.Container.Id}: Error \\(criu/.*\\): .* \\(see {work}/dump.log\\)\n$",
            failed.Errors
        );
        Assert.Equal("running", saved.Container.Status);
        saved.ShouldCount("three", 3);
    }

    [Fact]
    public void Without_criu_the_package_is_named_and_the_container_runs_on()
    {
        SavedContainer saved = Counting();

        ToolResult failed = _runtime.Do(
            ["checkpoint", "--image-path", saved.Images, saved.Container.Id],
            new ToolOptions { Environment = new Dictionary<string, string?> { ["PATH"] = "/nowhere" } }
        );

        Assert.Equal(
            "tare-oci: exec: \"criu\": executable file not found in $PATH: ENOENT "
                + "(checkpoints need CRIU: install the package criu)\n",
            failed.ShouldExitWith(1).Errors
        );
        saved.ShouldCount("three", 3);
    }

    [Fact]
    public void A_criu_that_is_too_old_or_ends_at_once_is_told()
    {
        SavedContainer saved = Counting();
        string folder = _runtime.Folder.At("bin");
        Directory.CreateDirectory(folder);
        Tool.InstallProgram(Tool.Find("true")!, Path.Combine(folder, "criu"));

        ToolResult failed = _runtime.Do(
            ["checkpoint", "--image-path", saved.Images, saved.Container.Id],
            new ToolOptions { Environment = new Dictionary<string, string?> { ["PATH"] = folder } }
        );

        Assert.Equal("tare-oci: criu ended without an answer: exit status 0\n", failed.ShouldExitWith(1).Errors);
        saved.ShouldCount("three", 3);
    }

    [Fact]
    public void A_container_with_a_mount_for_symlinks_is_not_saved_and_runs_on()
    {
        string file = _runtime.Folder.Write("file", "");
        SavedContainer saved = new(
            _runtime,
            config => ConfigMounts.Add(config, "/etc/passwd", "bind", file, "bind", "src-nofollow")
        );

        Assert.Equal(
            "tare-oci: a container with the mount option src-nofollow cannot be saved or restored (leave it out of '/etc/passwd')\n",
            saved.Checkpoint().ShouldExitWith(1).Errors
        );
        Assert.False(Directory.Exists(saved.Images));
        saved.ShouldCount("one", 1);
    }

    [Fact]
    public void Only_what_runs_can_be_saved()
    {
        Criu.Require();
        OciContainer container = _runtime.Create();
        string images = _runtime.Folder.At("images");

        Assert.Equal(
            "tare-oci: container not running: cannot checkpoint a container in the created state\n",
            container.DoWith("checkpoint", "--image-path", images).ShouldExitWith(1).Errors
        );
        container.Start().Stop();
        Assert.Equal(
            "tare-oci: container not running: cannot checkpoint a container in the stopped state\n",
            container.DoWith("checkpoint", "--image-path", images).ShouldExitWith(1).Errors
        );
        Assert.False(Directory.Exists(images));
        Assert.Equal(
            "tare-oci: container does not exist: 'nobody'\n",
            _runtime.Do("checkpoint", "nobody").ShouldExitWith(1).Errors
        );
    }

    [Theory]
    [InlineData("--parent-path", "/absolute", "--parent-path '/absolute' must be relative to --image-path")]
    [InlineData("--manage-cgroups-mode", "all", "invalid value \"all\" for --manage-cgroups-mode")]
    [InlineData("--network-lock", "all", "invalid value \"all\" for --network-lock")]
    [InlineData("--page-server", "there", "invalid value \"there\" for --page-server")]
    [InlineData("--page-server", "there:0", "invalid value \"there:0\" for --page-server")]
    [InlineData("--empty-ns", "pid", "--empty-ns: namespace \"pid\" is not supported")]
    [InlineData("--status-fd", "pipe", "invalid value \"pipe\" for --status-fd")]
    [InlineData("--status-fd", "99", "--status-fd 99: EBADF")]
    public void An_option_with_a_value_that_it_cannot_have_is_refused(string option, string value, string error)
    {
        SavedContainer saved = Counting();

        Assert.StartsWith(
            $"tare-oci: {error}",
            saved.Checkpoint(option, value).ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
        saved.ShouldCount("three", 3);
    }

    [Fact]
    public void A_parent_that_is_not_there_is_named()
    {
        SavedContainer saved = Counting();

        Assert.Equal(
            $"tare-oci: open the --parent-path '{saved.Images}/../before': ENOENT (name the images of a --pre-dump)\n",
            saved.Checkpoint("--parent-path", "../before").ShouldExitWith(1).Errors
        );
    }

    [Fact]
    public void Callers_find_out_by_the_help_page_and_by_a_missing_value()
    {
        // As podman does, before it offers to save anything.
        _runtime.Do("checkpoint", "--help").ShouldSucceed();
        Assert.Contains(
            "flag needs an argument",
            _runtime.Do("restore", "--lsm-mount-context").ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _runtime.Dispose();

    private static void Capable(JsonObject config)
    {
        foreach (string set in (string[])["bounding", "effective", "permitted"])
        {
            config["process"]!["capabilities"]![set]!.AsArray().Add("CAP_SYS_ADMIN");
        }
    }

    private SavedContainer Counting()
    {
        SavedContainer saved = new(_runtime);
        saved.ShouldCount("one", 1);
        saved.ShouldCount("two", 2);
        return saved;
    }
}
