using System.Text.Json;

namespace Tare.Oci;

/// <summary>
/// What <c>state</c> and <c>list</c> print about a container, and hooks get on standard input. runtime.md, "State";
/// <see cref="Rootfs"/>, <see cref="Created"/> and <see cref="Owner"/> are runc's additions.
/// </summary>
public sealed record StateDocument
{
    /// <summary>The version of the specification that this document follows.</summary>
    public string OciVersion { get; init; } = SpecVersion.Newest;

    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>The program's process id in the reader's PID namespace; 0 once it has ended.</summary>
    public int Pid { get; init; }

    /// <summary>Where the container is in its life.</summary>
    public required ContainerStatus Status { get; init; }

    /// <summary>The bundle's absolute path.</summary>
    public required string Bundle { get; init; }

    /// <summary>The root file system's absolute path; hooks get none.</summary>
    public string? Rootfs { get; init; }

    /// <summary>When the container was made; hooks get none.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The annotations of its config.json.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = NoText.Map;

    /// <summary>Who made it, by name; hooks get none, an unknown one is empty.</summary>
    public string? Owner { get; init; }

    /// <summary>The state with what the specification names and nothing more, as other programs get it.</summary>
    public StateDocument ForOthers() => this with { Rootfs = null, Created = null, Owner = null };

    /// <summary>The document as <c>state</c> prints it: two spaces of indent, no newline at the end.</summary>
    public byte[] Write() => JsonOutput.Make(this, JsonLayout.Spaces, WriteValue);

    /// <summary>The documents as <c>list --format json</c> prints them: one line with its newline, <c>null</c> for none.</summary>
    public static byte[] WriteList(IReadOnlyList<StateDocument> states) =>
        [.. JsonOutput.Make(states, JsonLayout.Compact, WriteArray), (byte)'\n'];

    /// <summary>Reads a document.</summary>
    /// <exception cref="OciFormatException">It is none.</exception>
    public static StateDocument Read(ReadOnlySpan<byte> utf8, string document)
    {
        JsonCursor json = new(utf8, document);
        StateDocument state = ReadValue(ref json);
        json.End();
        return state;
    }

    /// <summary>Reads what <see cref="WriteList"/> writes.</summary>
    /// <exception cref="OciFormatException">It is none.</exception>
    public static IReadOnlyList<StateDocument> ReadList(ReadOnlySpan<byte> utf8, string document)
    {
        JsonCursor json = new(utf8, document);
        IReadOnlyList<StateDocument> states = json.IsNull ? [] : json.ReadList(ReadValue);
        json.End();
        return states;
    }

    /// <summary>Writes the document as a value of a larger one.</summary>
    public static void WriteValue(Utf8JsonWriter json, StateDocument state)
    {
        json.WriteStartObject();
        WriteProperties(json, state);
        json.WriteEndObject();
    }

    /// <summary>Writes the document's properties, to which others may be added.</summary>
    public static void WriteProperties(Utf8JsonWriter json, StateDocument state)
    {
        json.WriteString("ociVersion"u8, state.OciVersion);
        json.WriteString("id"u8, state.Id);
        json.WriteNumber("pid"u8, state.Pid);
        json.WriteString("status"u8, SpecNames.Of(state.Status));
        json.WriteString("bundle"u8, state.Bundle);
        json.WriteText("rootfs"u8, state.Rootfs);
        json.WriteText("created"u8, state.Created is { } created ? Rfc3339.Write(created) : null);
        json.WriteTextMap("annotations"u8, state.Annotations);
        json.WriteText("owner"u8, state.Owner);
    }

    private static void WriteArray(Utf8JsonWriter json, IReadOnlyList<StateDocument> states)
    {
        if (states.Count == 0)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (StateDocument state in states)
        {
            WriteValue(json, state);
        }

        json.WriteEndArray();
    }

    /// <summary>Reads the document as a value of a larger one.</summary>
    /// <exception cref="OciFormatException">It is none.</exception>
    public static StateDocument ReadValue(ref JsonCursor json)
    {
        string? ociVersion = null;
        string? id = null;
        int pid = 0;
        ContainerStatus? status = null;
        string? bundle = null;
        string? rootfs = null;
        DateTimeOffset? created = null;
        IReadOnlyDictionary<string, string> annotations = NoText.Map;
        string? owner = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("ociVersion"u8))
            {
                ociVersion = json.ReadNonEmptyString();
            }
            else if (json.Is("id"u8))
            {
                id = json.ReadNonEmptyString();
            }
            else if (json.Is("pid"u8))
            {
                pid = (int)json.ReadInt64(0, int.MaxValue);
            }
            else if (json.Is("status"u8))
            {
                string name = json.ReadString();
                status = SpecNames.TryStatus(name, out ContainerStatus known)
                    ? known
                    : throw json.Error(
                        $"'{OneLine.Of(name)}' is no status (use creating, created, running, paused or stopped)"
                    );
            }
            else if (json.Is("bundle"u8))
            {
                bundle = json.ReadNonEmptyString();
            }
            else if (json.Is("rootfs"u8))
            {
                rootfs = json.ReadString();
            }
            else if (json.Is("created"u8))
            {
                created = Rfc3339.TryRead(json.ReadString(), out DateTimeOffset instant)
                    ? instant
                    : throw json.Error("is no time as RFC 3339 writes it (2026-01-02T03:04:05Z)");
            }
            else if (json.Is("annotations"u8))
            {
                annotations = json.ReadTextMap();
            }
            else if (json.Is("owner"u8))
            {
                owner = json.ReadString();
            }
            else
            {
                json.Ignore();
            }
        }

        return new StateDocument
        {
            OciVersion = ociVersion ?? throw json.Missing("ociVersion", "every state has one"),
            Id = id ?? throw json.Missing("id", "every state has one"),
            Pid = pid,
            Status = status ?? throw json.Missing("status", "every state has one"),
            Bundle = bundle ?? throw json.Missing("bundle", "every state has one"),
            Rootfs = rootfs,
            Created = created,
            Annotations = annotations,
            Owner = owner,
        };
    }
}
