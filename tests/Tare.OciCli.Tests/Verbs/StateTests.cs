using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class StateTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void The_state_has_the_properties_that_callers_read()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        OciContainer container = _runtime.Create(edit: config =>
            config["annotations"] = new JsonObject { ["org.example.a"] = "1\n\u00e9", ["b"] = "" }
        );

        JsonNode state = container.State;

        Assert.Equal(
            ["ociVersion", "id", "pid", "status", "bundle", "rootfs", "created", "annotations", "owner"],
            state.AsObject().Select(property => property.Key)
        );
        Assert.Equal(container.Id, (string?)state["id"]);
        Assert.True(Directory.Exists($"/proc/{(int)state["pid"]!}"));
        Assert.Equal("created", (string?)state["status"]);
        Assert.Equal(container.Bundle.Path, (string?)state["bundle"]);
        Assert.Equal(SharedRootfs.Path, (string?)state["rootfs"]);
        Assert.Equal("1\n\u00e9", (string?)state["annotations"]!["org.example.a"]);
        Assert.Equal("", (string?)state["annotations"]!["b"]);
        Assert.Equal("root", (string?)state["owner"]);
        string created = (string)state["created"]!;
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$", created);
        Assert.InRange(
            DateTimeOffset.Parse(created, CultureInfo.InvariantCulture),
            before,
            TimeProvider.System.GetUtcNow()
        );
    }

    [Fact]
    public void The_state_is_indented_by_two_spaces_and_ends_without_a_line_feed()
    {
        OciContainer container = _runtime.Create();
        string file = _runtime.Folder.At("output");

        _runtime.Shell("oci state \"$1\" >\"$2\"", container.Id, file).ShouldSucceed();

        string text = File.ReadAllText(file);
        Assert.StartsWith("{\n  \"ociVersion\": \"", text, StringComparison.Ordinal);
        Assert.EndsWith("\n  \"owner\": \"root\"\n}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_step_of_a_containers_life_has_its_status()
    {
        OciContainer container = _runtime.Create();
        Assert.Equal("created", container.Status);

        container.Start();
        Assert.Equal("running", container.Status);

        container.Do("pause").ShouldSucceed();
        Assert.Equal("paused", container.Status);

        container.Do("resume").ShouldSucceed();
        Assert.Equal("running", container.Status);

        container.Stop();
        Assert.Equal("stopped", container.Status);
        Assert.Equal(0, container.ProcessId);
    }

    [Fact]
    public void A_container_whose_program_ended_by_itself_is_stopped()
    {
        OciContainer container = _runtime.Create(["true"]);
        using Ending ending = Ending.Of(container.ProcessId);

        container.Start();
        ending.Wait();

        Assert.Equal("stopped", container.Status);
    }

    [Fact]
    public void The_list_has_the_same_objects_on_one_line()
    {
        OciContainer one = _runtime.Create();
        OciContainer two = _runtime.Create().Start();

        ToolResult list = _runtime.Do("list", "--format", "json").ShouldSucceed();

        JsonArray states = JsonNode.Parse(Assert.Single(list.Lines))!.AsArray();
        Assert.Equal(
            new[] { one, two }.OrderBy(container => container.Id, StringComparer.Ordinal).Select(Compact),
            states.Select(state => state!.ToJsonString())
        );
    }

    [Fact]
    public void An_empty_list_is_null_a_heading_or_nothing()
    {
        Assert.Equal("null\n", _runtime.Do("list", "-f", "json").ShouldSucceed().Output);
        Assert.Equal(
            "ID          PID         STATUS      BUNDLE      CREATED     OWNER\n",
            _runtime.Do("list").ShouldSucceed().Output
        );
        Assert.Equal("", _runtime.Do("list", "-q").ShouldSucceed().Output);
    }

    [Fact]
    public void The_quiet_list_has_ids_alone()
    {
        string[] ids = [_runtime.Create().Id, _runtime.Create().Id];

        Assert.Equal(ids.Order(StringComparer.Ordinal), _runtime.Do("list", "--quiet").ShouldSucceed().Lines);
        Assert.Equal(ids.Order(StringComparer.Ordinal), _runtime.Do("list", "-q", "-f", "json").ShouldSucceed().Lines);
    }

    [Fact]
    public void The_table_is_as_wide_as_runcs()
    {
        string runc = Require.Program("runc");
        OciContainer container = _runtime.Create();
        string root = _runtime.Folder.At("runc");
        try
        {
            Tool.Start(runc, "--root", root, "create", "--bundle", container.Bundle.Path, container.Id).WaitForExit();

            string[] theirs = Tool.Run(runc, "--root", root, "list").ShouldSucceed().Lines;
            string[] ours = _runtime.Do("list").ShouldSucceed().Lines;

            Assert.Equal(2, ours.Length);
            Assert.Equal(Columns(theirs[0])[..5], Columns(ours[0])[..5]);
            Assert.Equal(Fields(theirs[1])[2..4], Fields(ours[1])[2..4]);
            Assert.Equal(Fields(theirs[1])[5], Fields(ours[1])[5]);
        }
        finally
        {
            Tool.Run(runc, "--root", root, "delete", "--force", container.Id);
        }
    }

    [Fact]
    public void A_damaged_record_is_named_and_hides_no_other_container()
    {
        OciContainer container = _runtime.Create();
        OciContainer damaged = _runtime.Create().Stop();
        string file = Path.Combine(_runtime.Root, damaged.Id, "record");
        string record = File.ReadAllText(file);
        foreach (
            string content in (string[])
                ["", ".", ".\n", "id\n.\n", "{}", record.Replace("owner\t", "owner\t-"), record[..(record.Length / 2)]]
        )
        {
            File.WriteAllText(file, content);
            const string Message = "the container's record is damaged (delete the container by force)";

            Assert.Equal($"tare-oci: {Message}\n", damaged.Do("state").ShouldExitWith(1).Errors);
            ToolResult list = _runtime.Do("list", "--quiet").ShouldSucceed();
            Assert.Equal([container.Id], list.Lines);
            Assert.Equal($"tare-oci: list '{damaged.Id}': {Message}\n", list.Errors);
        }

        // Nothing else knows of its cgroups.
        File.WriteAllText(file, record);
        damaged.Do("delete").ShouldSucceed();
    }

    [Fact]
    public void What_is_no_container_in_the_state_directory_is_passed_over()
    {
        OciContainer container = _runtime.Create();
        Directory.CreateDirectory(Path.Combine(_runtime.Root, "no container's name"));
        File.WriteAllText(Path.Combine(_runtime.Root, "file"), "");
        Directory.CreateDirectory(Path.Combine(_runtime.Root, "empty"));

        ToolResult list = _runtime.Do("list", "--quiet").ShouldSucceed();

        Assert.Equal([container.Id], list.Lines);
        Assert.Empty(list.Errors);
        Assert.Equal(
            "tare-oci: container does not exist: 'empty'\n",
            _runtime.Do("state", "empty").ShouldExitWith(1).Errors
        );
    }

    [Fact]
    public void The_state_directory_is_for_its_owner_alone()
    {
        OciContainer container = _runtime.Create();

        UnixFileMode mode = File.GetUnixFileMode(Path.Combine(_runtime.Root, container.Id));

        Assert.Equal(
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherExecute,
            mode
        );
        Assert.All(
            Directory.GetFiles(Path.Combine(_runtime.Root, container.Id)),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file))
        );
    }

    [Fact]
    public void Without_a_root_state_lies_under_run()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["sleep", "1000"]);
        try
        {
            RunningTool create = Tool.Start(OciRuntime.Program, "create", "--bundle", bundle.Path, id);
            Assert.Equal(0, create.WaitForExit());

            Assert.True(Directory.Exists($"/run/tare/{id}"));
            Assert.Contains(id, Tool.Run(OciRuntime.Program, "list", "-q").ShouldSucceed().Lines);
        }
        finally
        {
            Tool.Run(OciRuntime.Program, "delete", "--force", id).ShouldSucceed();
        }

        Assert.False(Directory.Exists($"/run/tare/{id}"));
    }

    [Fact]
    public void Looking_at_a_container_waits_for_nobody_who_changes_it()
    {
        OciContainer container = _runtime.Create();
        using RunningTool holder = Tool.Start(
            "flock",
            Path.Combine(_runtime.Root, container.Id),
            "sh",
            "-c",
            "echo locked; read line"
        );
        holder.WaitForText("locked");

        Assert.Equal("created", container.Status);
        Assert.Equal([container.Id], _runtime.Do("list", "-q").Lines);
    }

    public void Dispose() => _runtime.Dispose();

    private static string Compact(OciContainer container) =>
        JsonNode
            .Parse(Encoding.UTF8.GetBytes(container.State.ToJsonString()))!
            .ToJsonString(JsonSerializerOptions.Default);

    private static int[] Columns(string line) =>
        [.. Enumerable.Range(0, line.Length).Where(i => line[i] != ' ' && (i == 0 || line[i - 1] == ' '))];

    private static string[] Fields(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
