using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class NamespaceTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Theory]
    [InlineData("pid", "pid")]
    [InlineData("network", "net")]
    [InlineData("ipc", "ipc")]
    [InlineData("uts", "uts")]
    [InlineData("mount", "mnt")]
    [InlineData("cgroup", "cgroup")]
    [InlineData("time", "time")]
    public void A_namespace_that_is_listed_is_new(string type, string name)
    {
        OciContainer container = _runtime.Create(edit: config => Namespaces.Set(config, type)).Start();

        Assert.NotEqual(Identity(Environment.ProcessId, name), Identity(container.ProcessId, name));
    }

    [Theory]
    [InlineData("pid", "pid")]
    [InlineData("network", "net")]
    [InlineData("ipc", "ipc")]
    [InlineData("uts", "uts")]
    [InlineData("cgroup", "cgroup")]
    [InlineData("user", "user")]
    [InlineData("time", "time")]
    public void A_namespace_that_is_not_listed_is_the_runtimes(string type, string name)
    {
        OciContainer container = _runtime.Create(edit: config =>
        {
            Namespaces.Set(config, type);
            Namespaces.Remove(config, type);
            config.Remove("hostname");
        });

        Assert.Equal(Identity(Environment.ProcessId, name), Identity(container.ProcessId, name));
    }

    [Theory]
    [InlineData("pid", "pid")]
    [InlineData("network", "net")]
    [InlineData("ipc", "ipc")]
    [InlineData("uts", "uts")]
    [InlineData("cgroup", "cgroup")]
    [InlineData("time", "time")]
    public void A_namespace_with_a_path_is_joined(string type, string name)
    {
        OciContainer first = _runtime.Create(edit: config => Namespaces.Set(config, type)).Start();
        string path = $"/proc/{first.ProcessId}/ns/{name}";

        OciContainer second = _runtime
            .Create(edit: config =>
            {
                Namespaces.Set(config, type, path);
                config.Remove("hostname");
            })
            .Start();

        Assert.Equal(Identity(first.ProcessId, name), Identity(second.ProcessId, name));
        Assert.Equal(["works"], second.Exec("echo", "works").ShouldSucceed().Lines);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1000:1000")]
    public void A_program_is_added_to_a_time_namespace_with_the_rights_and_the_place_that_it_should_have(string user)
    {
        OciContainer container = _runtime.Create(edit: config => Namespaces.Set(config, "time")).Start();

        string[] lines = _runtime
            .Do(
                "exec",
                "--user",
                user,
                "--cwd",
                "/bin",
                container.Id,
                "sh",
                "-c",
                "readlink /proc/self/ns/time; pwd; id -u; umask; grep -E 'NoNewPrivs|CapEff' /proc/self/status; ls /proc/self/fd"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(Identity(container.ProcessId, "time"), lines[0]);
        Assert.Equal(["/bin", user.Split(':')[0], "0022", "NoNewPrivs:\t1"], [.. lines[1..4], lines[5]]);
        Assert.Equal(user == "0" ? "CapEff:\t0000000020000420" : "CapEff:\t0000000000000000", lines[4]);
        Assert.Equal(["0", "1", "2", "3"], lines[6..]);
    }

    [Fact]
    public void A_user_namespace_with_a_path_is_joined()
    {
        OciContainer first = _runtime.Create(edit: UserNamespaces.Add).Start();

        OciContainer second = _runtime
            .Create(edit: config => Namespaces.Set(config, "user", $"/proc/{first.ProcessId}/ns/user"))
            .Start();

        Assert.Equal(Identity(first.ProcessId, "user"), Identity(second.ProcessId, "user"));
        Assert.Equal(["0"], second.Exec("id", "-u").ShouldSucceed().Lines);
        Assert.Equal("100000\t100000\t100000\t100000", Processes.Status(second.ProcessId, "Uid"));
    }

    [Fact]
    public void Several_containers_share_a_pid_namespace_whose_first_ends_them_all()
    {
        OciContainer first = _runtime.Create().Start();
        OciContainer second = _runtime
            .Create(["sleep", "1001"], config => Namespaces.Set(config, "pid", $"/proc/{first.ProcessId}/ns/pid"))
            .Start();
        using Ending ending = Ending.Of(second.ProcessId);

        Assert.Equal(
            ["sleep 1000", "sleep 1001"],
            first
                .Exec("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -o 'sleep 100[0-9]'")
                .ShouldSucceed()
                .Lines
        );
        first.Stop();

        ending.Wait();
        Assert.Equal("stopped", second.Status);
    }

    [Fact]
    public void Containers_that_share_a_network_namespace_reach_each_other()
    {
        OciContainer server = _runtime.Create(["sh", "-c", "echo ready; echo hello | nc -l -p 1234"]).Start();
        server.Creation.WaitForText("ready");

        string[] lines = _runtime.Lines(
            "until nc 127.0.0.1 1234 2>/dev/null; do :; done",
            config => Namespaces.Set(config, "network", $"/proc/{server.ProcessId}/ns/net")
        );

        Assert.Equal(["hello"], lines);
    }

    [Fact]
    public void A_new_network_namespace_has_a_loopback_interface_that_is_up() =>
        Assert.Equal(["lo UP"], _runtime.Lines("ip -o link | awk '{ print $2, $3 }' | sed 's/: .*[<,]UP[,>].*/ UP/'"));

    [Theory]
    [InlineData("/nowhere", "open the namespace '/nowhere': ENOENT")]
    [InlineData("/proc/self/ns/uts", "join the namespace '/proc/self/ns/uts': EINVAL (it is no net namespace)")]
    [InlineData("/etc/passwd", "'/etc/passwd'")]
    [InlineData("relative", "linux.namespaces[4].path: 'relative' is not absolute")]
    public void A_path_that_leads_to_no_such_namespace_is_an_error(string path, string message)
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["true"], config => Namespaces.Set(config, "network", path));

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Contains(message, Assert.Single(run.Errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void Kernel_parameters_of_the_containers_namespaces_are_set()
    {
        string before = File.ReadAllText("/proc/sys/kernel/msgmax");

        string[] lines = _runtime.Lines(
            "cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax /proc/sys/net/ipv4/ip_local_port_range",
            config =>
                config["linux"]!["sysctl"] = new JsonObject
                {
                    ["net.ipv4.ip_forward"] = "1",
                    ["kernel.msgmax"] = "12345",
                    ["net/ipv4/ip_local_port_range"] = "2000 3000",
                }
        );

        Assert.Equal(["1", "12345", "2000\t3000"], lines);
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/msgmax"));
    }

    public void Dispose() => _runtime.Dispose();

    private static string Identity(int process, string name) =>
        File.ResolveLinkTarget($"/proc/{process}/ns/{name}", false)!.Name;
}
