using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tare.Fuzz.Fuzzing;

/// <summary>Changes a JSON document value by value, so that it stays one.</summary>
internal sealed class JsonMutation(Random chance)
{
    private static readonly string[] Values =
    [
        "null",
        "true",
        "false",
        "0",
        "1",
        "-1",
        "7",
        "4095",
        "4096",
        "65535",
        "65536",
        "4294967295",
        "4294967296",
        "9223372036854775807",
        "18446744073709551615",
        "1.5",
        "1e3",
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
        "\"a/b\"",
        "\"/../..\"",
        "\"//proc//self/fd/9\"",
        "\"/proc\"",
        "\"/dev\"",
        "\"/dev/console\"",
        "\"/sys/fs/cgroup\"",
        "\"../../../etc\"",
        "\"a b\\tc\"",
        "\"\\u001b[31m\"",
        "\"\\u0000\"",
        "\"é🐳\\u2028\"",
        $"\"{new string('x', 300)}\"",
        $"\"{new string('/', 5000)}\"",
    ];

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 200 };
    private static readonly JsonSerializerOptions Writing = new() { MaxDepth = 400 };

    /// <summary>A document with some values changed, some of them to those of another; null where it is none.</summary>
    public byte[]? Of(byte[] document, byte[] other)
    {
        JsonNode? root = Parse(document);
        if (root is null)
        {
            return null;
        }

        List<(JsonNode Parent, object Key)> others = [.. Places(Parse(other))];
        for (int hits = 1 << chance.Next(4); hits > 0; hits--)
        {
            List<(JsonNode Parent, object Key)> places = [.. Places(root)];
            if (places.Count == 0)
            {
                return null;
            }

            (JsonNode parent, object key) = places[chance.Next(places.Count)];
            JsonNode? value =
                chance.Next(2) == 0 && others.Count > 0
                    ? At(others[chance.Next(others.Count)])?.DeepClone()
                    : JsonNode.Parse(Values[chance.Next(Values.Length)]);
            Hit(parent, key, value);
        }

        return Written(root);
    }

    private void Hit(JsonNode parent, object key, JsonNode? value)
    {
        int kind = chance.Next(8);
        if (parent is JsonArray array)
        {
            switch (kind)
            {
                case 0:
                    array.RemoveAt((int)key);
                    break;
                case 1:
                    array.Add(array[(int)key]?.DeepClone());
                    break;
                case 2:
                    array.Insert((int)key, value);
                    break;
                default:
                    array[(int)key] = value;
                    break;
            }
        }
        else if (kind == 0)
        {
            parent.AsObject().Remove((string)key);
        }
        else
        {
            parent[(string)key] = value;
        }
    }

    private static byte[]? Written(JsonNode root)
    {
        try
        {
            return Encoding.UTF8.GetBytes(root.ToJsonString(Writing));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair cannot be written.
            return null;
        }
    }

    private static JsonNode? Parse(byte[] text)
    {
        try
        {
            JsonNode? root = JsonNode.Parse(text, documentOptions: Deep);

            // Names that stand twice are found only when somebody looks.
            _ = Places(root).Count();
            return root;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonNode? At((JsonNode Parent, object Key) place) =>
        place.Key is int index ? place.Parent[index] : place.Parent[(string)place.Key];

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.SelectMany(p => Places(p.Value).Prepend((o, (object)p.Key))),
            JsonArray a => a.SelectMany((v, i) => Places(v).Prepend((a, (object)i))),
            _ => [],
        };
}
