using System.Text.Json;
using System.Xml.Linq;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Inspecting;

/// <summary><c>tare inspect</c>, on processes whose facts the tests know.</summary>
public sealed class InspectTests
{
    [Fact]
    public void Memory_is_drawn_from_the_stack_down_to_the_text()
    {
        using KnownProcess process = new();

        string text = TareProgram.Call("inspect", process.Id).ShouldSucceed().Output;

        string[] inOrder =
        [
            "the kernel's",
            "│ stack ",
            "with nothing",
            $"│ {KnownProcess.ShownLibrary} ",
            "│ heap ",
            "│ sleep ",
            "│   data ",
            "│   constants ",
            "│   text          r-xp",
        ];
        int at = 0;
        foreach (string part in inOrder)
        {
            int next = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(next >= 0, $"'{part}' does not follow in:\n{text}");
            at = next + part.Length;
        }

        Assert.Matches(@"│ libc\.so\.6 .* MiB │ [█░]{12} [^,]+ private, [^,]+ shared", text);
    }

    [Fact]
    public void Everything_that_was_set_is_told()
    {
        using KnownProcess process = new();

        string text = TareProgram.Call("inspect", process.Id).ShouldSucceed().Output;

        Assert.StartsWith($"process {process.Id}: sleep\n", text, StringComparison.Ordinal);
        Assert.Matches($@"\n  command +sleep {process.Mark}\n", text);
        Assert.Matches(@"\n  state +S sleeping\n", text);
        Assert.Matches(@"\n  nice +7 ", text);
        Assert.Matches(@"\n  nofile +123, can be raised to 456\n", text);
        Assert.Matches(@"\n  no_new_privs +yes", text);
        Assert.Matches(@"\n  seccomp +", text);
        Assert.Matches(@"\n  mnt +\d+ \(as tare's\)\n", text);
        Assert.Matches(@"\n  bounding +all \d+ but (CAP_\w+ )*CAP_SYS_BOOT", text);
        Assert.Matches(@"\n  ambient +none\n", text);
        Assert.Matches(@"\n  weight +(215|not told)", text);
        Assert.Matches(@"\nthreads \(1\)\n", text);
        Assert.Matches(@"\n +0  [rw]+ .*pipe:\[\d+\]\n", text);
        Assert.DoesNotContain('\e', text);
    }

    [Fact]
    public void Json_has_everything_in_a_form_for_programs()
    {
        using KnownProcess process = new();

        JsonElement root = Json("inspect", "--json", process.Id);

        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Empty(root.GetProperty("hidden").EnumerateArray());
        Assert.Equal(123, root.GetProperty("limits").GetProperty("RLIMIT_NOFILE").GetProperty("soft").GetInt32());
        Assert.True(root.GetProperty("noNewPrivileges").GetBoolean());
        Assert.Equal(7, root.GetProperty("scheduler").GetProperty("nice").GetInt32());
        string[] bounding = Strings(root.GetProperty("credentials").GetProperty("bounding"));
        Assert.Contains("CAP_CHOWN", bounding);
        Assert.DoesNotContain("CAP_SYS_BOOT", bounding);
        JsonElement[] regions = [.. root.GetProperty("memory").GetProperty("regions").EnumerateArray()];
        JsonElement library = regions.First(region =>
            Name(region).EndsWith(KnownProcess.Library, StringComparison.Ordinal)
        );
        Assert.True(library.GetProperty("residentBytes").GetInt64() > 0);
        Assert.Contains(regions, region => region.GetProperty("kind").GetString() == "stack");
        Assert.Equal(
            regions.Sum(region =>
                region.GetProperty("privateCleanBytes").GetInt64() + region.GetProperty("privateDirtyBytes").GetInt64()
            ),
            root.GetProperty("memory").GetProperty("privateBytes").GetInt64()
        );
        Assert.Contains($"LD_PRELOAD={Name(library)}", Strings(root.GetProperty("environment")));
        Assert.True(root.GetProperty("namespaces").GetProperty("mnt").GetProperty("sameAsOwn").GetBoolean());
        Assert.True(root.GetProperty("openFiles").GetArrayLength() >= 3);

        static string Name(JsonElement region) => region.GetProperty("name").GetString()!;
    }

    [Fact]
    public void The_drawing_is_xml_with_every_region()
    {
        using KnownProcess process = new();
        using TemporaryDirectory folder = new();
        string file = folder.At("memory.svg");

        ToolResult result = TareProgram.Call("inspect", "--svg", file, process.Id).ShouldSucceed();

        Assert.Empty(result.Output);
        XElement root = XDocument.Load(file).Root!;
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal(svg + "svg", root.Name);
        string[] boxes = [.. root.Elements(svg + "rect").Select(box => box.Attribute("class")!.Value)];
        foreach (string kind in (string[])["kernel", "stack", "gap", "vdso", "library", "heap", "program"])
        {
            Assert.Contains(kind, boxes);
        }

        string[] texts = [.. root.Elements(svg + "text").Select(text => text.Value)];
        Assert.Contains(KnownProcess.ShownLibrary, texts);
        Assert.Contains("libc.so.6", texts);
        Assert.Contains($"sleep {process.Mark}", texts);
        Assert.Contains("123, can be raised to 456", texts);
        double height = double.Parse(root.Attribute("viewBox")!.Value.Split(' ')[3]);
        Assert.All(
            root.Elements(svg + "text"),
            text => Assert.InRange(double.Parse(text.Attribute("y")!.Value), 0, height)
        );
    }

    [Fact]
    public void A_threads_name_and_state_are_told()
    {
        using ManualResetEventSlim end = new();
        Thread thread = new(end.Wait) { Name = "known-thread" };
        thread.Start();
        try
        {
            JsonElement root = Json("inspect", "--json", $"{Environment.ProcessId}");

            JsonElement[] threads = [.. root.GetProperty("threads").EnumerateArray()];
            Assert.True(threads.Length > 1);
            Assert.Contains(threads, one => one.GetProperty("name").GetString() == "known-thread");
            Assert.Contains(
                "known-thread",
                TareProgram.Call("inspect", $"{Environment.ProcessId}").Output,
                StringComparison.Ordinal
            );
        }
        finally
        {
            end.Set();
            thread.Join();
        }
    }

    [Fact]
    public void Its_own_namespaces_are_told_from_tares()
    {
        Require.Root();
        using RunningTool running = Tool.Start(
            "unshare",
            "--uts",
            "--net",
            "sh",
            "-c",
            "echo ready; exec sleep 91000004"
        );
        running.WaitForText("ready");

        string text = TareProgram.Call("inspect", $"{running.ProcessId}").ShouldSucceed().Output;

        Assert.Matches(@"\n  uts +\d+ \(its own: tare's is \d+\)\n", text);
        Assert.Matches(@"\n  net +\d+ \(its own: tare's is \d+\)\n", text);
        Assert.Matches(@"\n  ipc +\d+ \(as tare's\)\n", text);
    }

    [Fact]
    public void What_an_ordinary_user_may_not_know_is_said_to_be_hidden()
    {
        using OrdinaryUser user = new();
        using KnownProcess process = new();

        string text = user.Call("inspect", process.Id).ShouldSucceed().Output;
        JsonElement root = JsonDocument
            .Parse(user.Call("inspect", "--json", process.Id).ShouldSucceed().Output)
            .RootElement;
        string svg = user.Call("inspect", "--svg", "-", process.Id).ShouldSucceed().Output;

        Assert.Matches(@"\nmemory[^\n]*\n  hidden \(needs the right to trace the process", text);
        Assert.Matches(@"\nopen files\n  hidden ", text);
        Assert.Matches(@"\n  executable +hidden ", text);
        Assert.Matches(@"\n  nofile +123, can be raised to 456\n", text);
        string[] hidden = Strings(root.GetProperty("hidden"));
        Assert.Contains("memory.regions", hidden);
        Assert.Contains("openFiles", hidden);
        Assert.Contains("hidden", XDocument.Parse(svg).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_of_the_kernels_has_no_memory()
    {
        Require.Root();
        string text = TareProgram.Call("inspect", "2").ShouldSucceed().Output;

        Assert.StartsWith("process 2: kthreadd\n", text, StringComparison.Ordinal);
        Assert.Contains("none: it is a thread of the kernel's", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_is_not_there_is_one_line_and_status_1()
    {
        ToolResult result = TareProgram.Call("inspect", "4194305").ShouldExitWith(1);

        Assert.Equal("tare: there is no process 4194305\n", result.Errors);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("PID: 'abc' is no process's number", "abc")]
    [InlineData("PID: '0' is no process's number", "0")]
    [InlineData("'-1' is no option of 'tare inspect'", "-1")]
    [InlineData("", "99999999999")]
    [InlineData("PID")]
    [InlineData("'2' is out of place", "1", "2")]
    public void What_is_no_process_is_one_line_and_status_2(string part, params string[] words)
    {
        ToolResult result = TareProgram.Call(["inspect", .. words]).ShouldExitWith(2);

        Assert.Contains(part, result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named()
    {
        using KnownProcess process = new();

        ToolResult result = TareProgram.Call("inspect", "--svg", "/nonexistent/a.svg", process.Id).ShouldExitWith(125);

        Assert.Equal("tare: open '/nonexistent/a.svg': ENOENT\n", result.Errors);
    }

    private static JsonElement Json(params string[] words) =>
        JsonDocument.Parse(TareProgram.Call(words).ShouldSucceed().Output).RootElement;

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(one => one.GetString()!)];
}
