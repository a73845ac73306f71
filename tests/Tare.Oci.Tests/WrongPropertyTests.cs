using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tare.Oci.Tests;

/// <summary>Each property of a document that has all of them is spoiled in turn.</summary>
public class WrongPropertyTests
{
    /// <summary>The document has more places than this, so that a loop over none of them does not pass.</summary>
    private const int AtLeast = 150;

    [Fact]
    public void A_value_of_a_wrong_type_is_refused_by_name_at_every_place()
    {
        int count = 0;
        foreach (object[] place in Documents.Places(Documents.Everything))
        {
            JsonValueKind right = Documents.At(Documents.Everything, place).GetValueKind();
            foreach ((JsonNode wrong, string words) in Values().Where(v => !Same(v.Value.GetValueKind(), right)))
            {
                OciFormatException e = Documents.Refused(Documents.With(place, wrong));

                Assert.Equal(Documents.Path(place), e.Path);
                Assert.Equal($"expected {Expected(right)}, found {words}", e.Problem);
                Assert.Equal(1, e.Line);
                Assert.Equal($"config.json: {e.Path}: {e.Problem} (line 1)", e.Message);
                count++;
            }
        }

        Assert.True(count > 4 * AtLeast);
    }

    [Fact]
    public void Null_is_the_same_as_absent_at_every_property()
    {
        foreach (object[] place in Documents.Places(Documents.Everything).Where(p => p[^1] is string))
        {
            JsonNode without = Documents.Everything.DeepClone();
            ((JsonObject)Documents.At(without, place[..^1])).Remove((string)place[^1]);

            Assert.Equal(Outcome(Documents.Bytes(without)), Outcome(Documents.With(place, null)));
        }
    }

    [Fact]
    public void Null_in_an_array_is_refused_by_index()
    {
        foreach (object[] place in Documents.Places(Documents.Everything).Where(p => p[^1] is int))
        {
            Assert.Equal(Documents.Path(place), Documents.Refused(Documents.With(place, null)).Path);
        }
    }

    [Fact]
    public void What_the_specification_requires_is_missed_by_name()
    {
        HashSet<string> missed = [];
        foreach (object[] place in Documents.Places(Documents.Everything).Where(p => p[^1] is string))
        {
            try
            {
                _ = RuntimeSpecReader.Read(Documents.With(place, null));
            }
            catch (OciFormatException e)
            {
                Documents.AssertOneLine(e);
                Assert.Equal(Documents.Path(place), e.Path);
                Assert.StartsWith("is missing (", e.Problem, StringComparison.Ordinal);
                missed.Add(Documents.Path(place.Where(static k => k is string)));
            }
        }

        Assert.Equal(
            [
                "hooks.createContainer.path",
                "hooks.createRuntime.path",
                "hooks.poststart.path",
                "hooks.poststop.path",
                "hooks.prestart.path",
                "hooks.startContainer.path",
                "linux.devices.major",
                "linux.devices.minor",
                "linux.devices.path",
                "linux.devices.type",
                "linux.gidMappings.containerID",
                "linux.gidMappings.hostID",
                "linux.gidMappings.size",
                "linux.namespaces.type",
                "linux.resources.devices.allow",
                "linux.seccomp.defaultAction",
                "linux.seccomp.syscalls.action",
                "linux.seccomp.syscalls.args.index",
                "linux.seccomp.syscalls.args.op",
                "linux.seccomp.syscalls.args.value",
                "linux.seccomp.syscalls.names",
                "linux.uidMappings.containerID",
                "linux.uidMappings.hostID",
                "linux.uidMappings.size",
                "mounts.destination",
                "ociVersion",
                "process.consoleSize.height",
                "process.consoleSize.width",
                "process.cwd",
                "process.rlimits.hard",
                "process.rlimits.soft",
                "process.rlimits.type",
                "root.path",
            ],
            missed.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Numbers_out_of_range_are_refused_by_name_at_every_number()
    {
        string[] numbers = ["-9223372036854775809", "18446744073709551616", "1.5", "1.0", "1e3", "-0.1", "1e999999"];
        int count = 0;
        foreach (object[] place in Numbers())
        {
            foreach (string number in numbers)
            {
                OciFormatException e = Documents.Refused(Documents.With(place, JsonNode.Parse(number)));

                Assert.Equal(Documents.Path(place), e.Path);
                Assert.StartsWith("expected a whole number from ", e.Problem, StringComparison.Ordinal);
                Assert.EndsWith($", found {number}", e.Problem, StringComparison.Ordinal);
                count++;
            }
        }

        Assert.True(count > 7 * 30);
    }

    [Fact]
    public void The_bounds_of_every_number_are_those_of_its_error()
    {
        foreach (object[] place in Numbers())
        {
            string problem = Documents.Refused(Documents.With(place, JsonNode.Parse("1.5"))).Problem;
            string[] words = problem.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
            Int128 min = Int128.Parse(words[5], null);
            Int128 max = Int128.Parse(words[7], null);

            foreach (Int128 inside in (Int128[])[min, max])
            {
                _ = RuntimeSpecReader.Read(Documents.With(place, JsonNode.Parse(inside.ToString(null, null))));
            }

            foreach (Int128 outside in (Int128[])[min - 1, max + 1])
            {
                byte[] text = Documents.With(place, JsonNode.Parse(outside.ToString(null, null)));
                Assert.Equal(Documents.Path(place), Documents.Refused(text).Path);
            }
        }
    }

    [Fact]
    public void A_nul_is_refused_by_name_in_every_string()
    {
        foreach (object[] place in Strings())
        {
            OciFormatException e = Documents.Refused(Documents.With(place, "a\0b"));

            Assert.Equal(Documents.Path(place), e.Path);
            Assert.Contains("NUL", e.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_by_name_in_every_string()
    {
        foreach (object[] place in Strings())
        {
            string text = Encoding.UTF8.GetString(Documents.With(place, "SPOILED"));
            string spoiled = text.Replace("SPOILED", "\\uD83D", StringComparison.Ordinal);

            Assert.Equal(Documents.Path(place), Documents.Refused(spoiled).Path);
        }
    }

    [Fact]
    public void A_name_given_twice_is_refused_at_every_property()
    {
        foreach (object[] place in Documents.Places(Documents.Everything).Where(p => p[^1] is string))
        {
            string value = Documents.At(Documents.Everything, place).ToJsonString();
            string name = (string)place[^1];
            string text = Renamed(place, "SPOILED")
                .Replace("\"SPOILED\":", $"\"{name}\":{value},\"{name}\":", StringComparison.Ordinal);
            OciFormatException e = Documents.Refused(text);

            Assert.Equal(Documents.Path(place), e.Path);
            Assert.Equal("is given twice (remove one)", e.Problem);
        }
    }

    [Fact]
    public void A_name_in_the_wrong_case_is_refused_and_the_right_one_told()
    {
        foreach (object[] place in Documents.Places(Documents.Everything).Where(p => p[^1] is string))
        {
            string name = (string)place[^1];
            if (place.Length > 1 && place[^2] is "annotations" or "sysctl")
            {
                continue;
            }

            OciFormatException e = Documents.Refused(Renamed(place, name.ToUpperInvariant()));

            Assert.Equal(Documents.Path([.. place[..^1], name.ToUpperInvariant()]), e.Path);
            Assert.Contains($"write '{name}'", e.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_unknown_name_is_passed_over_in_every_object()
    {
        string expected = Outcome(Documents.Bytes(Documents.Everything));
        foreach (object[] place in Documents.Places(Documents.Everything).Prepend([]))
        {
            JsonNode copy = Documents.Everything.DeepClone();
            if (
                Documents.At(copy, place) is not JsonObject target
                || (place.Length > 0 && place[^1] is "annotations" or "sysctl")
            )
            {
                continue;
            }

            target.Insert(
                0,
                "org.example.unknown",
                JsonNode.Parse("""{"a": [1, {"b": null}], "ociVersion": "9.0.0"}""")
            );
            Assert.Equal(expected, Outcome(Documents.Bytes(copy)));
        }
    }

    private static string Renamed(object[] place, string name)
    {
        JsonNode copy = Documents.Everything.DeepClone();
        JsonObject parent = (JsonObject)Documents.At(copy, place[..^1]);
        int index = parent.IndexOf((string)place[^1]);
        JsonNode? value = parent[index];
        parent.RemoveAt(index);
        parent.Insert(index, name, value);
        return copy.ToJsonString();
    }

    private static string Outcome(byte[] utf8)
    {
        try
        {
            return Encoding.UTF8.GetString(RuntimeSpecWriter.Write(RuntimeSpecReader.Read(utf8)));
        }
        catch (OciFormatException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<object[]> Numbers() => OfKind(JsonValueKind.Number);

    private static IEnumerable<object[]> Strings() => OfKind(JsonValueKind.String);

    private static IEnumerable<object[]> OfKind(JsonValueKind kind) =>
        Documents.Places(Documents.Everything).Where(p => Documents.At(Documents.Everything, p).GetValueKind() == kind);

    private static bool Same(JsonValueKind a, JsonValueKind b) => Expected(a) == Expected(b);

    private static string Expected(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            _ => "true or false",
        };

    private static IEnumerable<(JsonNode Value, string Words)> Values() =>
        [
            (new JsonObject(), "an object"),
            (new JsonArray(), "an array"),
            ("text", "a string"),
            (7, "a number"),
            (true, "true"),
            (false, "false"),
        ];
}
