using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.HostView.Changes;

namespace Tare.Cli.Trying;

/// <summary>Changes for programs: one object on one line. docs/try.md.</summary>
internal static class ChangeJson
{
    /// <summary>The version of the form.</summary>
    public const int Version = 1;

    private const FileModes Permissions = (FileModes)0xFFF; // 07777

    /// <summary>The line, ended by a line feed.</summary>
    public static string Format(KeptView view, int exitCode, ChangeSet set)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("id", view.Id);
            json.WriteNumber("exitCode", exitCode);
            json.WriteStartArray("changes");
            foreach (Change change in ChangeTable.ByPath(set))
            {
                Write(json, set, change);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, ChangeSet set, Change change)
    {
        BytePath path = set.PathOf(change);
        json.WriteStartObject();
        json.WriteString("kind", ChangeTable.Letter(change));
        json.WriteString("path", path.ToString());
        if (!Utf8.IsValid(path.Bytes))
        {
            json.WriteBase64String("pathBytes", path.Bytes);
        }

        WriteAspects(json, change.Aspects);
        WriteFacts(json, "before", change.Before);
        WriteFacts(json, "after", change.After);
        if (change.LinkTo is { } link)
        {
            json.WriteString("linkTo", set.PathOf(change.Part, link).ToString());
        }

        if (change.MovedFrom is { } from)
        {
            json.WriteString("movedFrom", set.PathOf(change.Part, from).ToString());
        }

        if (change.IsStale)
        {
            json.WriteBoolean("changedMeanwhile", true);
        }

        json.WriteEndObject();
    }

    private static void WriteAspects(Utf8JsonWriter json, ChangeAspects aspects)
    {
        if (aspects == ChangeAspects.None)
        {
            return;
        }

        json.WriteStartArray("aspects");
        foreach (
            (ChangeAspects aspect, string name) in (ReadOnlySpan<(ChangeAspects, string)>)
                [
                    (ChangeAspects.Type, "type"),
                    (ChangeAspects.Content, "content"),
                    (ChangeAspects.Mode, "mode"),
                    (ChangeAspects.Owner, "owner"),
                    (ChangeAspects.Time, "time"),
                    (ChangeAspects.Attributes, "attributes"),
                ]
        )
        {
            if (aspects.HasFlag(aspect))
            {
                json.WriteStringValue(name);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteFacts(Utf8JsonWriter json, string name, FileFacts? facts)
    {
        if (facts is null)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("type", ChangeTable.TypeOf(facts.Type));
        json.WriteString("mode", Convert.ToString((int)(facts.Mode & Permissions), 8).PadLeft(4, '0'));
        json.WriteNumber("uid", facts.Uid);
        json.WriteNumber("gid", facts.Gid);
        if (facts.IsRegular)
        {
            json.WriteNumber("size", facts.Size);
        }

        json.WriteEndObject();
    }
}
