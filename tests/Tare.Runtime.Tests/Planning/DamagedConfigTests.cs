using System.Text.Json.Nodes;
using CsCheck;
using Tare.Oci;
using Tare.Runtime.Planning;
using Tare.Runtime.Tests.Planning.Laws;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Planning;

/// <summary>
/// A config.json with properties that chance has replaced is planned, or refused by an error of one line that names the
/// property. TARE_FUZZ_SECONDS makes it go on for as long.
/// </summary>
public sealed class DamagedConfigTests
{
    private static readonly string[] Seeds =
    [
        .. TypicalSpecs.All.Select(spec => System.Text.Encoding.UTF8.GetString(RuntimeSpecWriter.Write(spec))),
    ];

    // What a property may be instead: of every type, at every edge, and what other properties are.
    private static readonly string[] Values =
    [
        "null",
        "true",
        "false",
        "0",
        "1",
        "-1",
        "4095",
        "4096",
        "65535",
        "4294967295",
        "9223372036854775807",
        "18446744073709551615",
        "1.5",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "[{}]",
        "\"\"",
        "\"/\"",
        "\".\"",
        "\"..\"",
        "\"a\"",
        "\"/../..\"",
        "\"//proc//self/fd/9\"",
        "\"/proc\"",
        "\"/dev\"",
        "\"/dev/console\"",
        "\"../../../etc\"",
        "\"a b\\tc\"",
        "\"\\u001b[31m\"",
        "\"é🐳\"",
        "\"bind\"",
        "\"rbind\"",
        "\"remount\"",
        "\"cgroup\"",
        "\"proc\"",
        "\"tmpfs\"",
        "\"overlay\"",
        "\"rshared\"",
        "\"rro\"",
        "\"user\"",
        "\"time\"",
        "\"mount\"",
        "\"p\"",
        "\"RLIMIT_NPROC\"",
        "\"CAP_SYS_ADMIN\"",
        "\"unbindable\"",
        "\"kernel.hostname\"",
        $"\"{new string('x', 70)}\"",
        $"\"{new string('x', 5000)}\"",
    ];

    private static readonly Gen<string> Damaged = Gen.Select(
        Gen.Int[0, Seeds.Length - 1],
        Gen.Select(Gen.UInt, Gen.Int[0, Values.Length - 1], Gen.Int[0, 3]).Array[1, 4],
        static (seed, hits) => Damage(Seeds[seed], hits)
    );

    [Fact]
    public void It_is_planned_or_refused() => Damaged.Sample(Try, iter: Chance.Iterations(1_500), time: Chance.Seconds);

    private static void Try(string config)
    {
        try
        {
            RuntimeSpec spec = RuntimeSpecReader.Read(System.Text.Encoding.UTF8.GetBytes(config));
            ValidatedSpec valid = SpecValidator.Validate(
                spec,
                new ValidationContext("/srv/web") { RootGiven = true, ConsoleSocket = spec.Process?.Terminal ?? false }
            );
            PlannedLaunch planned = ContainerPlanner.Plan(valid, Specs.Context);
            PlanLaws.Check(planned, valid.Process, Specs.Context);
        }
        catch (Exception e) when (e is OciFormatException or SpecException)
        {
            Assert.DoesNotContain(e.Message, char.IsControl);
            Assert.True(e is not SpecException { Property: "" }, e.Message);
        }
    }

    private static string Damage(string seed, (uint Place, int Value, int Kind)[] hits)
    {
        JsonNode root = JsonNode.Parse(seed)!;
        foreach ((uint place, int value, int kind) in hits)
        {
            List<(JsonNode Parent, object Key)> places = [.. Places(root)];
            if (places.Count == 0)
            {
                break;
            }

            (JsonNode parent, object key) = places[(int)(place % places.Count)];
            Hit(parent, key, kind == 0 ? null : JsonNode.Parse(Values[value]), twice: kind == 1);
        }

        return root.ToJsonString();
    }

    private static void Hit(JsonNode parent, object key, JsonNode? value, bool twice)
    {
        if (parent is JsonArray array)
        {
            if (twice)
            {
                array.Add(array[(int)key]?.DeepClone());
            }
            else
            {
                array[(int)key] = value;
            }
        }
        else
        {
            parent[(string)key] = value;
        }
    }

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.SelectMany(p => Places(p.Value).Prepend((o, (object)p.Key))),
            JsonArray a => a.SelectMany((v, i) => Places(v).Prepend((a, (object)i))),
            _ => [],
        };
}
