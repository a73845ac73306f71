using System.Text;
using System.Text.Json.Nodes;

namespace Tare.Oci.Tests;

/// <summary>Every property of a document, to be spoiled in turn.</summary>
internal static class Documents
{
    internal static readonly JsonNode Everything = JsonNode.Parse(Sample.Golden("everything.json"))!;

    /// <summary>The paths of all values but the whole, as lists of names and indexes.</summary>
    internal static IEnumerable<object[]> Places(JsonNode node) =>
        node switch
        {
            JsonObject o => o.SelectMany(p => Below(p.Key, p.Value!)),
            JsonArray a => a.SelectMany((v, i) => Below(i, v!)),
            _ => [],
        };

    internal static JsonNode At(JsonNode document, IEnumerable<object> place) =>
        place.Aggregate(document, static (n, key) => (key is int i ? n[i] : n[(string)key])!);

    /// <summary>A copy in which the value at a place is another.</summary>
    internal static byte[] With(object[] place, JsonNode? value)
    {
        JsonNode copy = Everything.DeepClone();
        JsonNode parent = At(copy, place[..^1]);
        if (place[^1] is int index)
        {
            parent[index] = value;
        }
        else
        {
            parent[(string)place[^1]] = value;
        }

        return Bytes(copy);
    }

    internal static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    /// <summary>A place as errors name it.</summary>
    internal static string Path(IEnumerable<object> place)
    {
        StringBuilder path = new();
        foreach (object key in place)
        {
            _ = key switch
            {
                int i => path.Append('[').Append(i).Append(']'),
                string s when s.Contains('.', StringComparison.Ordinal) => path.Append("['").Append(s).Append("']"),
                _ => path.Append(path.Length > 0 ? "." : "").Append(key),
            };
        }

        return path.ToString();
    }

    internal static OciFormatException Refused(byte[] utf8)
    {
        OciFormatException e = Assert.Throws<OciFormatException>(() => RuntimeSpecReader.Read(utf8));
        AssertOneLine(e);
        return e;
    }

    internal static OciFormatException Refused(string json) => Refused(Encoding.UTF8.GetBytes(json));

    internal static void AssertOneLine(OciFormatException e)
    {
        Assert.StartsWith(e.Document + ": ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(e.Message, char.IsControl);
        Assert.InRange(e.Message.Length, 1, 4096);
    }

    private static IEnumerable<object[]> Below(object key, JsonNode value) =>
        Places(value).Select(p => (object[])[key, .. p]).Prepend([key]);
}
