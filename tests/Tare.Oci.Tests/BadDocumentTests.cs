using System.Text;

namespace Tare.Oci.Tests;

/// <summary>Documents that are wrong as a whole.</summary>
public class BadDocumentTests
{
    [Fact]
    public void An_empty_file_is_refused() =>
        Assert.Equal("config.json: is empty (expected a JSON object)", Documents.Refused("").Message);

    [Theory]
    [InlineData(" \n\t\r\n")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF \n")]
    public void A_file_of_nothing_but_space_is_refused_as_empty(string text) =>
        Assert.Equal("config.json: is empty (expected a JSON object)", Documents.Refused(text).Message);

    [Theory]
    [InlineData("hello", "is not valid JSON: 'h' cannot stand at column 1", 1)]
    [InlineData("#!/bin/sh\n", "is not valid JSON: '#' cannot stand at column 1", 1)]
    [InlineData("{\n  \"a\": 1,\n  b: 2\n}", "is not valid JSON: 'b' cannot stand at column 3", 3)]
    [InlineData("{\n\"a\": 1,\n}", "is not valid JSON: '}' cannot stand at column 1", 3)]
    [InlineData("{\"a\": 'x'}", "is not valid JSON: ''' cannot stand at column 7", 1)]
    [InlineData("{// c\n}", "is not valid JSON: '/' cannot stand at column 2", 1)]
    [InlineData("{} {}", "is not valid JSON: '{' cannot stand at column 4", 1)]
    [InlineData("{\"a\": 1é}", "is not valid JSON: 'é' cannot stand at column 8", 1)]
    [InlineData("{\"a\": \"\u0001\"}", "is not valid JSON: '\\u{1}' cannot stand at column 8", 1)]
    [InlineData("{\"a\": \u202e}", "is not valid JSON: '\\u{202e}' cannot stand at column 7", 1)]
    [InlineData("{\"a\": [1, 2", "is not valid JSON: it ends too early (was it cut off?)", 1)]
    [InlineData("{\"a\": \"b", "is not valid JSON: it ends too early (was it cut off?)", 1)]
    [InlineData("{\n\"a\": tr", "is not valid JSON: it ends too early (was it cut off?)", 2)]
    [InlineData("{\n\n", "is not valid JSON: it ends too early (was it cut off?)", 3)]
    public void What_is_not_json_is_refused_with_its_place(string text, string problem, int line)
    {
        OciFormatException e = Documents.Refused(text);

        Assert.Equal(problem, e.Problem);
        Assert.Equal(line, e.Line);
        Assert.Equal("", e.Path);
    }

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("7", "a number")]
    [InlineData("\"text\"", "a string")]
    [InlineData("null", "null")]
    public void Json_that_is_no_object_is_refused(string text, string found) =>
        Assert.Equal($"config.json: expected an object, found {found} (line 1)", Documents.Refused(text).Message);

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.Equal("1.1.0", RuntimeSpecReader.Read("\uFEFF{\"ociVersion\": \"1.1.0\"}"u8).OciVersion);

    [Fact]
    public void Utf16_is_told_from_other_wrong_encodings()
    {
        byte[] text = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")];
        byte[] other = [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("{}")];

        Assert.Equal("config.json: is UTF-16 (save it as UTF-8)", Documents.Refused(text).Message);
        Assert.Equal("config.json: is UTF-16 (save it as UTF-8)", Documents.Refused(other).Message);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void Invalid_utf8_is_refused_even_where_nobody_looks(byte[] wrong)
    {
        byte[] text = [.. "{\n\"ociVersion\": \"1.0.0\",\n\"unknown\": \""u8, .. wrong, .. "\"}"u8];
        OciFormatException e = Documents.Refused(text);

        Assert.Equal("config.json: is not valid UTF-8 (save it as UTF-8) (line 3)", e.Message);
    }

    [Theory]
    [InlineData(16 * 1024 * 1024 + 1)]
    [InlineData(100_000_000)]
    [InlineData(long.MaxValue)]
    public void A_huge_file_is_refused_by_its_length_alone(long length)
    {
        OciFormatException e = Assert.Throws<OciFormatException>(() => DocumentSize.Check(length, "config.json"));

        Assert.Equal($"config.json: is {length} bytes long, more than the limit of 16777216 (16 MiB)", e.Message);
    }

    [Fact]
    public void The_largest_allowed_file_is_read_and_one_byte_more_is_not()
    {
        byte[] text = new byte[DocumentSize.Limit];
        text.AsSpan().Fill((byte)' ');
        "{\"ociVersion\": \"1.0.0\"}"u8.CopyTo(text);
        DocumentSize.Check(text.Length, "config.json");
        Assert.Equal("1.0.0", RuntimeSpecReader.Read(text).OciVersion);

        Array.Resize(ref text, text.Length + 1);
        Assert.Contains("more than the limit", Documents.Refused(text).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Nesting_deeper_than_the_limit_is_refused_wherever_it_is(char bracket)
    {
        string open = bracket == '[' ? "[" : "{\"a\":";
        string deep = string.Concat(Enumerable.Repeat(open, 100_000));
        string problem = $"has objects and arrays more than {JsonCursor.DepthLimit} levels deep in each other";

        Assert.Equal(problem, Documents.Refused("{\"unknown\":" + deep).Problem);
        Assert.Equal(problem, Documents.Refused("{\"linux\":{\"other\":" + deep).Problem);
        Assert.Equal(
            bracket == '[' ? "expected a string, found an array" : "expected a string, found an object",
            Documents.Refused("{\"process\":{\"args\":[" + deep).Problem
        );
    }

    [Fact]
    public void Nesting_up_to_the_limit_is_read()
    {
        string Nested(int levels) =>
            "{\"ociVersion\":\"1.0.0\",\"unknown\":" + new string('[', levels) + new string(']', levels) + "}";

        Assert.Equal("1.0.0", RuntimeSpecReader.Read(Encoding.UTF8.GetBytes(Nested(63))).OciVersion);
        Assert.Contains("64 levels", Documents.Refused(Nested(64)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_of_an_error_is_that_of_the_value()
    {
        OciFormatException e = Documents.Refused(
            "\uFEFF{\n\"ociVersion\": \"1.0.0\",\n\"linux\": {\"resources\": {\"memory\": {\n\n\"limit\":\n\"1G\"}}}}"
        );

        Assert.Equal(
            "config.json: linux.resources.memory.limit: expected a number, found a string (line 6)",
            e.Message
        );
    }

    [Fact]
    public void A_key_that_could_break_the_line_is_escaped_in_the_error()
    {
        string key = "a\\nb\\u001b[31m\\u202e\\u2028" + new string('x', 500);
        OciFormatException e = Documents.Refused("{\"annotations\": {\"" + key + "\": 1}}");

        Assert.StartsWith("annotations['a\\u{a}b\\u{1b}[31m\\u{202e}\\u{2028}xxx", e.Path, StringComparison.Ordinal);
        Assert.InRange(e.Message.Length, 1, 250);
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("")]
    public void A_key_that_is_empty_or_holds_a_nul_is_refused(string key) =>
        Assert.Contains(
            "has an empty key or one with a NUL",
            Documents.Refused("{\"annotations\": {\"" + key + "\": \"v\"}}").Problem,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_name_with_escapes_is_the_same_name()
    {
        RuntimeSpec spec = RuntimeSpecReader.Read("""{"oci\u0056ersion": "1.0.0", "host\u006eame": "x"}"""u8);
        Assert.Equal("x", spec.Hostname);

        OciFormatException e = Documents.Refused("""{"ociVersion": "1.0.0", "host\u006eame": 1}""");
        Assert.Equal("hostname", e.Path);
    }

    [Fact]
    public void A_name_with_half_a_surrogate_pair_is_refused_in_one_line() =>
        Assert.Contains("surrogate", Documents.Refused("""{"\ud800": 1}""").Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData(
        """{"linux": {"namespaces": [{"type": "pid"}, {"type": "net"}]}}""",
        "linux.namespaces[1].type",
        "'net' is no namespace (use cgroup, ipc, mount, network, pid, time, user or uts)"
    )]
    [InlineData(
        """{"linux": {"devices": [{"type": "a", "path": "/x"}]}}""",
        "linux.devices[0].type",
        "'a' is no kind of device (use b, c, p or u)"
    )]
    [InlineData(
        """{"linux": {"devices": [{"type": "b", "path": "/x", "major": 1}]}}""",
        "linux.devices[0].minor",
        "is missing (only a FIFO has no device number)"
    )]
    [InlineData(
        """{"linux": {"resources": {"devices": [{"allow": true, "type": "p"}]}}}""",
        "linux.resources.devices[0].type",
        "'p' is no kind of device in a rule (use a, b or c)"
    )]
    [InlineData(
        """{"linux": {"resources": {"devices": [{"allow": true, "access": "rx"}]}}}""",
        "linux.resources.devices[0].access",
        "'rx' is no access to a device (use letters out of r, w and m)"
    )]
    [InlineData(
        """{"linux": {"namespaces": {"type": "pid"}}}""",
        "linux.namespaces",
        "expected an array, found an object"
    )]
    [InlineData("""{"process": {"cwd": ""}}""", "process.cwd", "is empty")]
    [InlineData("""{"root": {"path": ""}}""", "root.path", "is empty")]
    [InlineData("""{"mounts": [{"destination": ""}]}""", "mounts[0].destination", "is empty")]
    [InlineData(
        """{"process": {"user": {"uid": 4294967295}}}""",
        "process.user.uid",
        "expected a whole number from 0 to 4294967294, found 4294967295"
    )]
    public void A_value_outside_its_set_is_refused_with_the_remedy(string json, string path, string problem)
    {
        OciFormatException e = Documents.Refused(json);

        Assert.Equal(path, e.Path);
        Assert.Equal(problem, e.Problem);
    }

    [Fact]
    public void A_file_that_another_name_was_given_for_is_named_so()
    {
        OciFormatException e = Assert.Throws<OciFormatException>(() => ProcessDocument.Read("{}"u8, "exec.json"));

        Assert.Equal("exec.json: cwd: is missing (name an absolute path in the container) (line 1)", e.Message);
        Assert.Equal("exec.json", e.Document);
    }
}
