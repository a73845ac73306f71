using System.Globalization;
using System.Text.RegularExpressions;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class DeleteTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_stopped_container_is_deleted_with_everything_of_it()
    {
        OciContainer container = _runtime.Create().Start().Stop();

        container.Do("delete").ShouldSucceed();

        Traces.ShouldBeNone(_runtime.Root, container.Id, container.Bundle.Path);
        Assert.Equal(
            $"tare-oci: container does not exist: '{container.Id}'\n",
            container.Do("delete").ShouldExitWith(1).Errors
        );
    }

    [Fact]
    public void A_created_container_is_deleted()
    {
        OciContainer container = _runtime.Create();

        container.Do("delete").ShouldSucceed();

        Traces.ShouldBeNone(_runtime.Root, container.Id, container.Bundle.Path);
    }

    [Fact]
    public void A_running_container_is_not()
    {
        OciContainer container = _runtime.Create().Start();

        Assert.Equal(
            $"tare-oci: cannot delete container {container.Id} that is not stopped: running "
                + "(kill it first, or use --force)\n",
            container.Do("delete").ShouldExitWith(1).Errors
        );
        Assert.Equal("running", container.Status);
    }

    [Fact]
    public void A_paused_container_is_not()
    {
        OciContainer container = _runtime.Create().Start();
        container.Do("pause").ShouldSucceed();

        Assert.StartsWith(
            $"tare-oci: cannot delete container {container.Id} that is not stopped: paused",
            container.Do("delete").ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("delete --force \"$1\"")]
    [InlineData("delete -f \"$1\"")]
    [InlineData("delete \"$1\" --force")]
    [InlineData("delete --force=true \"$1\"")]
    public void By_force_a_running_container_is_killed_first(string command)
    {
        OciContainer container = _runtime.Create(["sh", "-c", "trap '' TERM INT HUP; sleep 1000 & wait"]).Start();

        _runtime.Shell($"oci {command}", container.Id).ShouldSucceed();

        Traces.ShouldBeNone(_runtime.Root, container.Id, container.Bundle.Path);
    }

    [Fact]
    public void By_force_a_paused_container_is_killed_first()
    {
        OciContainer container = _runtime.Create(["sh", "-c", "sleep 1000 & wait"]).Start();
        container.Do("pause").ShouldSucceed();

        container.Do("delete", "--force").ShouldSucceed();

        Traces.ShouldBeNone(_runtime.Root, container.Id, container.Bundle.Path);
    }

    [Fact]
    public void By_force_an_unknown_container_is_no_error() =>
        Assert.Empty(_runtime.Do("delete", "--force", "nobody").ShouldSucceed().Errors);

    [Fact]
    public void What_is_left_in_the_cgroup_is_killed_when_a_stopped_container_is_deleted()
    {
        OciContainer container = _runtime.Create(
            ["sh", "-c", "setsid sleep 1000 & echo ready; read line"],
            config => Namespaces.Remove(config, "pid")
        );
        container.Start().Creation.WaitForText("ready");
        container.Stop();
        Assert.Single(Processes.In(container));

        container.Do("delete").ShouldSucceed();

        Traces.ShouldBeNone(_runtime.Root, container.Id, container.Bundle.Path);
    }

    [Fact]
    public void Cgroups_that_the_program_made_are_removed()
    {
        OciContainer container = _runtime.Create(
            [
                "sh",
                "-c",
                "mkdir -p /sys/fs/cgroup/pids/a/b/c && echo $$ >/sys/fs/cgroup/pids/a/b/cgroup.procs; echo ready; read line",
            ],
            config =>
            {
                config["mounts"]!.AsArray().Last(mount => (string?)mount!["type"] == "cgroup")!["options"]!
                    .AsArray()
                    .Remove(
                        config["mounts"]!.AsArray().Last(mount => (string?)mount!["type"] == "cgroup")!["options"]!
                            .AsArray()
                            .Single(option => (string?)option == "ro")
                    );
            }
        );
        container.Start().Creation.WaitForText("ready");

        container.Do("delete", "--force").ShouldSucceed();

        Traces.ShouldBeNone(_runtime.Root, container.Id, container.Bundle.Path);
    }

    [Fact]
    public void What_lies_in_the_directory_for_state_and_is_no_containers_is_left_alone()
    {
        string directory = Path.Combine(_runtime.Root, "etc");
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "passwd"), "");

        Assert.Equal(
            $"tare-oci: '{directory}' is no container's directory: it holds 'passwd' (see --root)\n",
            _runtime.Do("delete", "--force", "etc").ShouldExitWith(1).Errors
        );
        Assert.True(File.Exists(Path.Combine(directory, "passwd")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_directory_without_a_record_is_removed(bool hasFile)
    {
        string id = _runtime.NewId();
        Directory.CreateDirectory(Path.Combine(_runtime.Root, id));
        if (hasFile)
        {
            File.WriteAllText(Path.Combine(_runtime.Root, id, "config.json"), "{}");
        }

        _runtime.Do("delete", id).ShouldSucceed();

        Assert.False(Directory.Exists(Path.Combine(_runtime.Root, id)));
    }

    [Fact]
    public void A_damaged_record_is_removed_by_force_alone()
    {
        string id = _runtime.NewId();
        Directory.CreateDirectory(Path.Combine(_runtime.Root, id));
        File.WriteAllText(Path.Combine(_runtime.Root, id, "record"), "id\ta");

        Assert.Equal(
            "tare-oci: the container's record is damaged (delete the container by force)\n",
            _runtime.Do("delete", id).ShouldExitWith(1).Errors
        );
        _runtime.Do("delete", "--force", id).ShouldSucceed();

        Assert.False(Directory.Exists(Path.Combine(_runtime.Root, id)));
    }

    /// <summary>A path from the root, one that the runtime chooses a place for, and none.</summary>
    [Theory]
    [InlineData("/{0}/below")]
    [InlineData("{0}/below")]
    [InlineData(null)]
    public void What_is_left_of_a_damaged_record_is_enough_to_remove_its_processes_and_cgroups(string? form)
    {
        string above = $"tare-test-{Guid.NewGuid():N}";
        OciContainer container = _runtime
            .Create(edit: config =>
            {
                if (form is not null)
                {
                    config["linux"]!["cgroupsPath"] = string.Format(CultureInfo.InvariantCulture, form, above);
                }
            })
            .Start();
        using Ending ending = Ending.Of(container.ProcessId);
        string file = Path.Combine(_runtime.Root, container.Id, "record");
        string record = File.ReadAllText(file);

        // Some fact is not legible, and the end is missing.
        File.WriteAllText(file, record[..record.LastIndexOf(".\n", StringComparison.Ordinal)].Replace("owner\t", "?"));
        container.Do("delete").ShouldExitWith(1);
        container.DoWith("delete", "--force").ShouldSucceed();

        ending.Wait();
        Traces.ShouldBeNone(_runtime.Root, container.Id, above);
    }

    [Fact]
    public void A_damaged_record_that_names_the_cgroups_of_another_container_takes_nothing_away_from_it()
    {
        OciContainer other = _runtime.Create().Start();
        string id = _runtime.NewId();
        Directory.CreateDirectory(Path.Combine(_runtime.Root, id));
        string record = File.ReadAllText(Path.Combine(_runtime.Root, other.Id, "record"));
        File.WriteAllText(
            Path.Combine(_runtime.Root, id, "record"),
            string.Concat(
                record
                    .Split('\n')
                    .Where(line => line.StartsWith("cgroup\t", StringComparison.Ordinal))
                    .Select(line => line + "\n")
            )
        );

        _runtime.Do("delete", "--force", id).ShouldSucceed();

        Assert.False(Directory.Exists(Path.Combine(_runtime.Root, id)));
        Assert.Equal("running", other.Status);
        other.Exec("true").ShouldSucceed();
    }

    [Fact]
    public void The_directory_of_marks_is_no_container()
    {
        OciContainer container = _runtime.Create();

        Assert.Equal(
            "tare-oci: invalid container id '@in-progress' (use letters, digits, '_', '+', '-' and '.')\n",
            _runtime.Do("delete", "--force", "@in-progress").ShouldExitWith(1).Errors
        );
        Assert.Equal("created", container.Status);
    }

    [Fact]
    public void A_process_that_has_taken_the_number_of_a_containers_process_is_left_alone()
    {
        OciContainer container = _runtime.Create().Start().Stop();
        string file = Path.Combine(_runtime.Root, container.Id, "record");
        string record = File.ReadAllText(file);
        using RunningTool stranger = StartLater(record);
        File.WriteAllText(file, Regex.Replace(record, "process\t[0-9]+", $"process\t{stranger.ProcessId}"));

        Assert.Equal("stopped", container.Status);
        Assert.Equal("tare-oci: container not running\n", container.Do("kill", "KILL").ShouldExitWith(1).Errors);
        container.Do("delete", "--force").ShouldSucceed();

        Assert.True(Directory.Exists($"/proc/{stranger.ProcessId}/fd"));
    }

    [Fact]
    public void By_a_regular_expression_all_that_match_are_killed_and_deleted()
    {
        OciContainer first = _runtime.Create().Start();
        OciContainer second = _runtime.Create().Start();
        OciContainer other = _runtime.Create().Start();
        string regex = $"^({first.Id}|{second.Id}x*)$";
        using Ending firstEnding = Ending.Of(first.ProcessId);
        using Ending secondEnding = Ending.Of(second.ProcessId);

        _runtime.Do("kill", "--regex", regex, "KILL").ShouldSucceed();
        firstEnding.Wait();
        secondEnding.Wait();
        _runtime.Do("delete", "-r", regex).ShouldSucceed();

        Assert.Equal([other.Id], _runtime.Do("list", "-q").Lines);
        Assert.Contains(
            "'(' is no regular expression: ",
            _runtime.Do("delete", "--regex", "(").ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _runtime.Dispose();

    // A number comes round again only after all others, so never in the tick in which the container's process started.
    private static RunningTool StartLater(string record)
    {
        string ticks = Regex.Match(record, "process\t[0-9]+\t([0-9]+)").Groups[1].Value;
        while (true)
        {
            RunningTool stranger = Tool.Start("sleep", "1000");
            string stat = File.ReadAllText($"/proc/{stranger.ProcessId}/stat");
            if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19] != ticks)
            {
                return stranger;
            }

            stranger.Dispose();
        }
    }
}
