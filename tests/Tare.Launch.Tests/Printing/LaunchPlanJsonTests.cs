using System.Text.Json;
using CsCheck;
using Tare.Launch.Printing;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Printing;

public sealed class LaunchPlanJsonTests
{
    [Fact]
    public void A_plan_names_its_version_process_slots_and_memory()
    {
        JsonElement root = Print(SamplePlan.Make());

        Assert.Equal(1, root.GetProperty("version").GetInt32());
        JsonElement process = root.GetProperty("process");
        Assert.Equal("CLONE_NEWNS|CLONE_NEWUTS|CLONE_NEWPID", process.GetProperty("namespaces").GetString());
        Assert.True(process.GetProperty("waitsForParent").GetBoolean());
        Assert.True(root.GetProperty("slots")[0].GetProperty("input").GetBoolean());
        Assert.Equal("proc", root.GetProperty("slots")[1].GetProperty("name").GetString());
        Assert.False(root.GetProperty("memory")[0].TryGetProperty("content", out _));
        Assert.StartsWith(
            "01",
            root.GetProperty("memory")[1].GetProperty("content").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_kind_of_step_has_its_properties()
    {
        JsonElement steps = Print(SamplePlan.Make()).GetProperty("steps");

        string[] kinds = [.. steps.EnumerateArray().Select(step => step.GetProperty("kind").GetString()!)];
        Assert.Equal(
            [
                "gate",
                "call",
                "call",
                "jump",
                "call",
                "call",
                "call",
                "check",
                "check",
                "store",
                "call",
                "spawn",
                "call",
                "call",
                "fail",
            ],
            kinds
        );
        Assert.Equal(
            """
            {"step":3,"group":"mounts","words":"open '/proc'","kind":"call","call":"openat2","arguments":[{"slot":0},
            {"text":"proc"},{"bytes":"000029000000000000000000000000001200000000000000","struct":"open_how","fields":
            {"flags":"O_DIRECTORY|O_CLOEXEC|O_PATH","resolve":"RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT"}},{"value":24}],
            "result":1,"branches":[{"errno":"ENOENT","to":5,"name":"make the directory"},
            {"errno":"EACCES","to":15,"name":"give up"}]}
            """.ReplaceLineEndings(""),
            Compact(steps[2])
        );
        Assert.Equal(
            """
            {"step":9,"group":"mounts","words":"'/proc' is not writable","kind":"check","memory":0,"offset":4,"width":4,
            "mask":"0xffffffff","expected":"0x1","mustDiffer":true,"otherwise":{"to":15,"name":"give up"}}
            """.ReplaceLineEndings(""),
            Compact(steps[8])
        );
    }

    [Fact]
    public void A_text_survives_whatever_it_contains()
    {
        Gen.String.Where(text => !text.Contains('\0') && !text.Any(char.IsSurrogate))
            .Sample(text =>
            {
                LaunchPlanBuilder builder = new();
                builder.Call("end", Syscall.sethostname, text, 0);
                JsonElement step = Print(builder.Build()).GetProperty("steps")[0];
                JsonElement argument = step.GetProperty("arguments")[0];
                return argument.TryGetProperty("text", out JsonElement printed)
                    ? printed.GetString() == text
                    : Convert
                        .FromHexString(argument.GetProperty("bytes").GetString()!)
                        .AsSpan()[..^1]
                        .SequenceEqual(System.Text.Encoding.UTF8.GetBytes(text));
            });
    }

    [Fact]
    public void A_long_blob_is_whole()
    {
        LaunchPlanBuilder builder = new();
        builder.Call("set it", Syscall.setsockopt, 3, 1, 26, Argument.Struct(new byte[500]), 500);

        JsonElement argument = Print(builder.Build()).GetProperty("steps")[0].GetProperty("arguments")[3];

        Assert.Equal(1000, argument.GetProperty("bytes").GetString()!.Length);
    }

    private static JsonElement Print(LaunchPlan plan) =>
        JsonDocument.Parse(LaunchPlanJson.Format(plan)).RootElement.Clone();

    private static string Compact(JsonElement element) =>
        System
            .Text.Json.Nodes.JsonNode.Parse(element.GetRawText())!
            .ToJsonString(
                new JsonSerializerOptions
                {
                    Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                    TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
                }
            );
}
