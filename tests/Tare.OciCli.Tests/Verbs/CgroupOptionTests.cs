using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary><c>exec --cgroup</c> and <c>--cgroup-manager</c>.</summary>
public sealed class CgroupOptionTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_program_is_put_into_a_cgroup_below_the_containers()
    {
        OciContainer container = _runtime.Create().Start();
        List<string> made = Below(container, "below/more");

        string[] lines = Exec(container, "--cgroup", "below/more");

        Assert.All(lines.Where(line => line.Split(':')[1].Length > 0), line => Assert.EndsWith("/below/more", line));
        Assert.NotEmpty(made);
    }

    [Fact]
    public void A_controller_may_be_named_and_the_others_stay()
    {
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/pids"), "needs the controllers of cgroup v1");
        OciContainer container = _runtime.Create().Start();
        Below(container, "below");

        string[] lines = Exec(container, "--cgroup", "pids,memory:/below");

        Assert.Equal(
            ["memory", "pids"],
            lines
                .Where(line => line.EndsWith("/below", StringComparison.Ordinal))
                .Select(line => line.Split(':')[1])
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("--cgroup=nowhere", "/nowhere' does not exist (make it before a program is put into it)")]
    [InlineData("--cgroup=../up", "--cgroup: '../up' leads elsewhere")]
    [InlineData("--cgroup=madeup:x", "unknown controller 'madeup' in --cgroup")]
    [InlineData("--cgroup=:x", "invalid --cgroup argument: :x (empty <controller> prefix)")]
    [InlineData("--cgroup=a --cgroup=b:c", "invalid --cgroup argument: a (missing <controller>: prefix)")]
    [InlineData("--cgroup=a:x --cgroup=a:y", "controller a specified multiple times")]
    public void What_is_no_cgroup_of_the_container_is_refused(string options, string message)
    {
        OciContainer container = _runtime.Create().Start();

        ToolResult result = _runtime.Do(["exec", .. options.Split(' '), container.Id, "true"]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_root_of_them_it_is_where_the_container_is()
    {
        OciContainer container = _runtime.Create().Start();

        Assert.Equal(File.ReadAllLines($"/proc/{container.ProcessId}/cgroup"), Exec(container, "--cgroup", "/"));
    }

    [Fact]
    public void Disabled_a_container_has_no_cgroup_and_its_whole_life()
    {
        string own = File.ReadAllText("/proc/self/cgroup");
        Bundle bundle = _runtime.NewBundle(["sleep", "1000"]);
        string id = _runtime.NewId();

        RunningTool create = _runtime.Start("--cgroup-manager=disabled", "create", "--bundle", bundle.Path, id);
        Assert.Equal(0, create.WaitForExit());
        _runtime.Do("--cgroup-manager", "disabled", "start", id).ShouldSucceed();

        string process = _runtime.Do("ps", "--format=json", id).ShouldSucceed().Output.Trim('[', ']', '\n');
        Assert.Equal(own, File.ReadAllText($"/proc/{process}/cgroup"));
        Assert.Empty(Traces.Cgroups([id]));
        _runtime.Do("exec", id, "true").ShouldSucceed();
        _runtime.Do("delete", "--force", id).ShouldSucceed();
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void Disabled_a_limit_is_an_error()
    {
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config => config["linux"]!["resources"]!["pids"] = new System.Text.Json.Nodes.JsonObject { ["limit"] = 5 }
        );

        Assert.Equal(
            "tare-oci: linux.resources.pids.limit: cannot be had without a cgroup (leave it out, or --cgroup-manager disabled)\n",
            _runtime
                .Do("--cgroup-manager=disabled", "run", "--bundle", bundle.Path, _runtime.NewId())
                .ShouldExitWith(1)
                .Errors
        );
    }

    [Fact]
    public void Another_manager_is_not_known() =>
        Assert.Contains(
            "invalid value \"mine\" for --cgroup-manager (use cgroupfs, systemd or disabled)",
            _runtime.Do("--cgroup-manager=mine", "list").ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );

    public void Dispose() => _runtime.Dispose();

    private string[] Exec(OciContainer container, params string[] options)
    {
        string pidFile = _runtime.Folder.At("pid");
        RunningTool exec = _runtime.Start([
            "exec",
            "--detach",
            "--pid-file",
            pidFile,
            .. options,
            container.Id,
            "sleep",
            "1000",
        ]);
        Assert.Equal(0, exec.WaitForExit());
        return File.ReadAllLines($"/proc/{File.ReadAllText(pidFile)}/cgroup");
    }

    // In every hierarchy of v1, or in that of v2 where it alone is there; deleted with the container.
    private static List<string> Below(OciContainer container, string path)
    {
        List<string> made = [];
        foreach (string line in File.ReadLines($"/proc/{container.ProcessId}/cgroup"))
        {
            string[] parts = line.Split(':', 3);
            string mount = parts[1] switch
            {
                "" => "/sys/fs/cgroup",
                _ => $"/sys/fs/cgroup/{parts[1].Replace("name=", "", StringComparison.Ordinal)}",
            };
            string group = $"{mount}{parts[2]}/{path}";
            if (Directory.Exists($"{mount}{parts[2]}"))
            {
                Directory.CreateDirectory(group);
                string cpus = $"{mount}{parts[2]}/cpuset.cpus";
                if (File.Exists(cpus))
                {
                    for (string at = group; at.Length > $"{mount}{parts[2]}".Length; at = Path.GetDirectoryName(at)!)
                    {
                        made.Add(at);
                    }

                    foreach (string below in made.Where(at => at.StartsWith(mount, StringComparison.Ordinal)).Reverse())
                    {
                        File.WriteAllText(below + "/cpuset.cpus", File.ReadAllText(cpus));
                        File.WriteAllText(below + "/cpuset.mems", File.ReadAllText($"{mount}{parts[2]}/cpuset.mems"));
                    }
                }

                made.Add(group);
            }
        }

        return made;
    }
}
