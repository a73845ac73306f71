using System.Text.Json;

namespace Tare.Runtime.State;

/// <summary>Reads what <see cref="ContainerRecordWriter"/> wrote.</summary>
public static class ContainerRecordReader
{
    /// <summary>The record in the bytes of a <c>state.json</c>.</summary>
    /// <exception cref="ContainerException">The bytes are no record.</exception>
    public static ContainerRecord Read(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            reader.Read();
            return ReadRecord(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ContainerException($"the container's state.json is damaged (delete the container by force)", e);
        }
    }

    private static ContainerRecord ReadRecord(ref Utf8JsonReader reader)
    {
        ContainerRecord record = new()
        {
            Id = default,
            OciVersion = "",
            Bundle = "",
            Rootfs = "",
            Created = default,
            Owner = 0,
        };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            record = name switch
            {
                "id" => record with { Id = ContainerId.Parse(reader.GetString()!) },
                "ociVersion" => record with { OciVersion = reader.GetString()! },
                "bundle" => record with { Bundle = reader.GetString()! },
                "rootfs" => record with { Rootfs = reader.GetString()! },
                "createdTicks" => record with { Created = new DateTimeOffset(reader.GetInt64(), TimeSpan.Zero) },
                "owner" => record with { Owner = reader.GetUInt32() },
                "pid" => record with { ProcessId = reader.GetInt32() },
                "pidStartTime" => record with { ProcessStartTime = reader.GetUInt64() },
                "pidFile" => record with { PidFile = reader.GetString() },
                "cgroups" => record with { Cgroups = ReadCgroups(ref reader) },
                "annotations" => record with { Annotations = ReadAnnotations(ref reader) },
                "remaining" => record with { Remaining = ReadRemaining(ref reader) },
                _ => Skip(ref reader, record),
            };
        }

        return record.Id.Text is null ? throw new JsonException() : record;
    }

    private static List<CgroupPlace> ReadCgroups(ref Utf8JsonReader reader)
    {
        List<CgroupPlace> places = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            CgroupPlace place = new("", "", "", 0);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                place = name switch
                {
                    "mountPoint" => place with { MountPoint = reader.GetString()! },
                    "controller" => place with { Controller = reader.GetString()! },
                    "path" => place with { Path = reader.GetString()! },
                    "made" => place with { Made = reader.GetInt32() },
                    _ => Skip(ref reader, place),
                };
            }

            places.Add(place);
        }

        return places;
    }

    private static Dictionary<string, string> ReadAnnotations(ref Utf8JsonReader reader)
    {
        Dictionary<string, string> annotations = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            annotations[name] = reader.GetString()!;
        }

        return annotations;
    }

    private static List<RemainingStep> ReadRemaining(ref Utf8JsonReader reader)
    {
        List<RemainingStep> steps = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            RemainingStep step = new(0, "");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                step = name switch
                {
                    "index" => step with { Index = reader.GetInt32() },
                    "words" => step with { Words = reader.GetString()! },
                    _ => Skip(ref reader, step),
                };
            }

            steps.Add(step);
        }

        return steps;
    }

    private static T Skip<T>(ref Utf8JsonReader reader, T value)
    {
        reader.Skip();
        return value;
    }
}
