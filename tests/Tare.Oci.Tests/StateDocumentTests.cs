using System.Text;

namespace Tare.Oci.Tests;

public class StateDocumentTests
{
    private static readonly StateDocument Running = new()
    {
        Id = "web-1",
        Pid = 4711,
        Status = ContainerStatus.Running,
        Bundle = "/srv/web",
        Rootfs = "/srv/web/rootfs",
        Created = new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)).AddTicks(1234000),
        Annotations = new Dictionary<string, string> { ["b"] = "2 < 3 & ü", ["a.b"] = "" },
        Owner = "root",
    };

    [Fact]
    public void It_is_written_as_runc_prints_a_state() =>
        Assert.Equal(
            """
            {
              "ociVersion": "1.3.0",
              "id": "web-1",
              "pid": 4711,
              "status": "running",
              "bundle": "/srv/web",
              "rootfs": "/srv/web/rootfs",
              "created": "2026-01-02T03:04:05.1234Z",
              "annotations": {
                "a.b": "",
                "b": "2 < 3 & ü"
              },
              "owner": "root"
            }
            """,
            Text(Running.Write())
        );

    [Fact]
    public void A_stopped_container_has_the_process_id_0()
    {
        StateDocument stopped = Running with { Pid = 0, Status = ContainerStatus.Stopped };

        Assert.Contains("\"pid\": 0,\n", Text(stopped.Write()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_hook_gets_has_only_what_the_specification_names()
    {
        StateDocument state = new()
        {
            Id = "x",
            Status = ContainerStatus.Creating,
            Bundle = "/b",
        };

        Assert.Equal(
            """{"ociVersion":"1.3.0","id":"x","pid":0,"status":"creating","bundle":"/b"}""",
            Text(JsonOutput.Make(state, JsonLayout.Compact, StateDocument.WriteValue))
        );
    }

    [Fact]
    public void A_list_is_one_line_and_null_when_empty()
    {
        string list = Text(StateDocument.WriteList([Running, Running with { Id = "web-2" }]));

        Assert.StartsWith("[{\"ociVersion\":\"1.3.0\",\"id\":\"web-1\",", list, StringComparison.Ordinal);
        Assert.EndsWith("}]\n", list, StringComparison.Ordinal);
        Assert.Equal(1, list.Count(c => c == '\n'));
        Assert.Equal("null\n", Text(StateDocument.WriteList([])));
    }

    [Fact]
    public void A_list_is_read_as_it_was_written()
    {
        byte[] list = StateDocument.WriteList([Running, Running with { Id = "web-2" }]);

        Assert.Equal(["web-1", "web-2"], StateDocument.ReadList(list, "list").Select(s => s.Id));
        Assert.Equal(list, StateDocument.WriteList(StateDocument.ReadList(list, "list")));
        Assert.Empty(StateDocument.ReadList("null\n"u8, "list"));
        Assert.Empty(StateDocument.ReadList("[]"u8, "list"));
    }

    [Theory]
    [InlineData(ContainerStatus.Creating, "creating")]
    [InlineData(ContainerStatus.Created, "created")]
    [InlineData(ContainerStatus.Running, "running")]
    [InlineData(ContainerStatus.Paused, "paused")]
    [InlineData(ContainerStatus.Stopped, "stopped")]
    public void Every_status_is_written_and_read_by_its_word(ContainerStatus status, string word)
    {
        byte[] text = (Running with { Status = status }).Write();

        Assert.Contains($"\"status\": \"{word}\"", Text(text), StringComparison.Ordinal);
        Assert.Equal(status, StateDocument.Read(text, "state.json").Status);
    }

    [Theory]
    [InlineData("ociVersion", "is missing (every state has one)")]
    [InlineData("id", "is missing (every state has one)")]
    [InlineData("status", "is missing (every state has one)")]
    [InlineData("bundle", "is missing (every state has one)")]
    public void What_every_state_has_is_missed_by_name(string property, string problem)
    {
        string text = Text(Running.Write()).Replace($"\"{property}\"", "\"x\"", StringComparison.Ordinal);
        OciFormatException e = Refused(text);

        Assert.Equal(property, e.Path);
        Assert.Equal(problem, e.Problem);
    }

    [Theory]
    [InlineData(
        "\"running\"",
        "\"dead\"",
        "state.json: status: 'dead' is no status (use creating, created, running, paused or stopped) (line 5)"
    )]
    [InlineData("4711", "-1", "state.json: pid: expected a whole number from 0 to 2147483647, found -1 (line 4)")]
    [InlineData(
        "2026-01-02T",
        "yesterday",
        "state.json: created: is no time as RFC 3339 writes it (2026-01-02T03:04:05Z) (line 8)"
    )]
    public void A_wrong_value_is_refused_by_name(string right, string wrong, string message) =>
        Assert.Equal(message, Refused(Text(Running.Write()).Replace(right, wrong, StringComparison.Ordinal)).Message);

    private static OciFormatException Refused(string text) =>
        Assert.Throws<OciFormatException>(() => StateDocument.Read(Encoding.UTF8.GetBytes(text), "state.json"));

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
