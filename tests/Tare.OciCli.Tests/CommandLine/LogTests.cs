using System.Globalization;
using System.Text.Json;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class LogTests : IDisposable
{
    private const string Missing = "container does not exist: 'nobody'";
    private readonly OciRuntime _runtime = new();

    private string File => _runtime.Folder.At("log");

    [Fact]
    public void Without_a_log_the_message_goes_to_standard_error_on_one_line()
    {
        ToolResult state = _runtime.Do("state", "nobody").ShouldExitWith(1);

        Assert.Equal($"tare-oci: {Missing}\n", state.Errors);
        Assert.Empty(state.Output);
    }

    [Fact]
    public void The_text_log_has_a_line_as_logrus_writes_it_and_people_read_theirs_all_the_same()
    {
        ToolResult state = _runtime.Do("--log", File, "state", "nobody").ShouldExitWith(1);

        Assert.Matches(
            $"^time=\"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9:]{{8}}Z\" level=error msg=\"{Missing}\"\n$",
            Text()
        );
        Assert.Equal($"tare-oci: {Missing}\n", state.Errors);
    }

    [Fact]
    public void The_text_log_escapes_quotes()
    {
        _runtime.Do("--log", File, "--root", _runtime.Root, "list", "--format", "a\"b\\").ShouldExitWith(1);

        Assert.Contains(
            "msg=\"invalid format option \\\"a\\\"b\\\\\\\" (use table or json)\"\n",
            Text(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_json_log_has_an_object_on_a_line_with_level_msg_and_time()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        ToolResult state = _runtime.Do("--log", File, "--log-format", "json", "state", "nobody").ShouldExitWith(1);

        Assert.Equal($"tare-oci: {Missing}\n", state.Errors);
        Assert.EndsWith("}\n", Text(), StringComparison.Ordinal);
        using JsonDocument line = JsonDocument.Parse(Assert.Single(Lines()));
        Assert.Equal(["level", "msg", "time"], line.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("error", line.RootElement.GetProperty("level").GetString());
        Assert.Equal(Missing, line.RootElement.GetProperty("msg").GetString());
        DateTimeOffset time = DateTimeOffset.ParseExact(
            line.RootElement.GetProperty("time").GetString()!,
            "yyyy-MM-dd'T'HH:mm:ssK",
            CultureInfo.InvariantCulture
        );
        Assert.InRange(time, before.AddSeconds(-1), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public void Lines_are_appended_to_what_is_in_the_log_already()
    {
        _runtime.Folder.Write("log", "a line of somebody else\n");

        _runtime.Do("--log", File, "--log-format=json", "state", "nobody").ShouldExitWith(1);
        _runtime.Do("--log", File, "--log-format=json", "start", "nobody").ShouldExitWith(1);

        Assert.Equal(3, Lines().Length);
        Assert.Equal("a line of somebody else", Lines()[0]);
    }

    [Fact]
    public void With_the_json_form_and_no_log_standard_error_has_the_object()
    {
        ToolResult state = _runtime.Do("--log-format", "json", "state", "nobody").ShouldExitWith(1);

        using JsonDocument line = JsonDocument.Parse(state.Errors);
        Assert.Equal(Missing, line.RootElement.GetProperty("msg").GetString());
    }

    [Theory]
    [InlineData("no such command 'crate' (see 'tare-oci --help')", "crate")]
    [InlineData("flag provided but not defined: -x (see 'tare-oci state --help')", "state", "-x")]
    [InlineData("invalid value \"maybe\" for --rootless (use true, false or auto)", "--rootless", "maybe", "list")]
    [InlineData("\"state\" requires exactly 1 argument(s): CONTAINER-ID (see 'tare-oci state --help')", "state")]
    public void A_command_line_that_is_not_understood_is_logged_too(string message, params string[] words)
    {
        ToolResult result = _runtime.Do(["--log", File, "--log-format", "json", .. words]).ShouldExitWith(1);

        Assert.Equal($"tare-oci: {message}\n", result.Errors);
        using JsonDocument line = JsonDocument.Parse(Assert.Single(Lines()));
        Assert.Equal(message, line.RootElement.GetProperty("msg").GetString());
    }

    [Fact]
    public void What_succeeds_is_logged_only_for_who_wants_to_know()
    {
        _runtime.Do("--log", File, "list").ShouldSucceed();
        Assert.False(System.IO.File.Exists(File));

        _runtime.Do("--log", File, "--debug", "list", "--quiet").ShouldSucceed();
        Assert.All(Lines(), line => Assert.Contains(" level=debug ", line, StringComparison.Ordinal));
        Assert.Contains("list --quiet", Lines()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_cannot_be_written_hides_no_error()
    {
        ToolResult state = _runtime.Do("--log", "/nowhere/log", "state", "nobody").ShouldExitWith(1);

        Assert.Equal($"tare-oci: open the log '/nowhere/log': ENOENT\ntare-oci: {Missing}\n", state.Errors);
    }

    [Fact]
    public void A_log_without_a_name_is_none() =>
        Assert.Equal($"tare-oci: {Missing}\n", _runtime.Do("--log", "", "state", "nobody").ShouldExitWith(1).Errors);

    [Theory]
    [InlineData("--log-format", "xml", "invalid value \"xml\" for --log-format (use text or json)")]
    [InlineData("--root", "", "invalid value \"\" for --root (name a directory)")]
    [InlineData("--rootless", "maybe", "invalid value \"maybe\" for --rootless (use true, false or auto)")]
    [InlineData("--log-level", "loud", "invalid value \"loud\" for --log-level (use debug, warning or error)")]
    public void A_global_option_with_a_wrong_value_is_an_error(string option, string value, string message) =>
        Assert.Equal($"tare-oci: {message}\n", _runtime.Do(option, value, "list").ShouldExitWith(1).Errors);

    [Fact]
    public void A_message_is_one_line_whatever_was_asked()
    {
        ToolResult result = _runtime.Do("--log", File, "--log-format=json", "a\nb\u2028c\u001b[31m").ShouldExitWith(1);

        Assert.Equal("tare-oci: no such command 'a b c [31m' (see 'tare-oci --help')\n", result.Errors);
        Assert.Single(Lines());
    }

    public void Dispose() => _runtime.Dispose();

    private string Text() => System.IO.File.ReadAllText(File);

    private string[] Lines() => System.IO.File.ReadAllLines(File);
}
