using System.Text;

namespace Tare.Oci.Tests;

/// <summary>What the readers of other rooms build on.</summary>
public class JsonCursorTests
{
    [Fact]
    public void Values_of_every_kind_are_taken_where_the_cursor_stands()
    {
        JsonCursor json = new("""[true, -5, 18446744073709551615, 4294967295, "x", ["y"], {"k": "v"}, null]"""u8, "d");
        json.EnterArray();

        Assert.True(json.NextElement());
        Assert.True(json.ReadBoolean());
        Assert.True(json.NextElement());
        Assert.Equal(-5, json.ReadInt32());
        Assert.True(json.NextElement());
        Assert.Equal(ulong.MaxValue, json.ReadUInt64());
        Assert.True(json.NextElement());
        Assert.Equal(uint.MaxValue, json.ReadUInt32());
        Assert.True(json.NextElement());
        Assert.Equal("x", json.ReadNonEmptyString());
        Assert.True(json.NextElement());
        Assert.Equal(["y"], json.ReadStrings());
        Assert.True(json.NextElement());
        Assert.Equal("v", json.ReadTextMap()["k"]);
        Assert.True(json.NextElement());
        Assert.Equal("[7]", json.Path());
        Assert.True(json.IsNull);
        Assert.False(json.NextElement());
        json.End();
    }

    [Fact]
    public void Objects_deeper_than_any_model_are_walked()
    {
        const int levels = JsonCursor.DepthLimit;
        StringBuilder text = new();
        text.Insert(0, "{\"a\":", levels - 1).Append("{}").Append('}', levels - 1);
        JsonCursor json = new(Encoding.UTF8.GetBytes(text.ToString()), "d");

        json.EnterObject();
        for (int i = 1; i < levels; i++)
        {
            Assert.True(json.NextProperty());
            Assert.True(json.Is("a"u8));
            json.EnterObject();
        }

        Assert.Equal(string.Join('.', Enumerable.Repeat("a", levels - 1)), json.Path());
        for (int i = 0; i < levels; i++)
        {
            Assert.False(json.NextProperty());
        }

        json.End();
    }

    [Fact]
    public void The_readers_own_error_names_the_property_and_its_line()
    {
        JsonCursor json = new("{\"list\": [{},\n{\"size\": 3}]}"u8, "record");
        json.EnterObject();
        _ = json.NextProperty();
        json.EnterArray();
        _ = json.NextElement();
        json.EnterObject();
        _ = json.NextProperty();
        _ = json.NextElement();
        json.EnterObject();
        _ = json.NextProperty();

        Assert.Equal("record: list[1].size: is odd (line 2)", json.Error("is odd").Message);
    }
}
