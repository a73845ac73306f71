using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Observation;

/// <summary>Writes an observation as JSON: a state with two properties more.</summary>
public static class ObservationWriter
{
    /// <summary>The document, indented as <c>state</c> prints it, without a newline at the end.</summary>
    public static byte[] Write(ObservedContainer observation) =>
        JsonOutput.Make(
            observation,
            JsonLayout.Spaces,
            static (json, observation) =>
            {
                json.WriteStartObject();
                StateDocument.WriteProperties(json, observation.State);
                json.WriteStartObject("observed"u8);
                WriteProcess(json, observation.Observed);
                json.WriteEndObject();
                json.WriteStartArray("differences"u8);
                foreach (Difference difference in observation.Differences)
                {
                    json.WriteStartObject();
                    json.WriteString("property"u8, difference.Property);
                    json.WriteString("expected"u8, difference.Expected);
                    json.WriteString("observed"u8, difference.Observed);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }
        );

    private static void WriteProcess(Utf8JsonWriter json, ObservedProcess process)
    {
        json.WriteList(
            "namespaces"u8,
            process.Namespaces,
            static (json, found) =>
            {
                json.WriteStartObject();
                json.WriteString("type"u8, NamespaceComparison.NameOf(found.Kind));
                json.WriteNumber("inode"u8, found.Inode);
                json.WriteBoolean("shared"u8, found.Shared);
                json.WriteEndObject();
            }
        );
        WriteIds(json, "uid"u8, process.Users);
        WriteIds(json, "gid"u8, process.Groups);
        json.WriteStartArray("additionalGids"u8);
        foreach (uint group in process.AdditionalGroups)
        {
            json.WriteNumberValue(group);
        }

        json.WriteEndArray();
        json.WriteString("umask"u8, "0" + Convert.ToString((int)process.Status.Umask, 8));
        json.WriteStartObject("capabilities"u8);
        WriteCapabilities(json, "bounding"u8, process.Status.BoundingSet);
        WriteCapabilities(json, "effective"u8, process.Status.Capabilities.Effective);
        WriteCapabilities(json, "permitted"u8, process.Status.Capabilities.Permitted);
        WriteCapabilities(json, "inheritable"u8, process.Status.Capabilities.Inheritable);
        WriteCapabilities(json, "ambient"u8, process.Status.AmbientSet);
        json.WriteEndObject();
        json.WriteBoolean("noNewPrivileges"u8, process.Status.NoNewPrivileges);
        json.WriteStartObject("seccomp"u8);
        json.WriteString(
            "mode"u8,
            process.Status.SeccompMode switch
            {
                0 => "none",
                1 => "strict",
                _ => "filter",
            }
        );
        json.WriteNumber("filters"u8, process.Status.SeccompFilters);
        json.WriteEndObject();
        json.WriteText("label"u8, process.Label);
        json.WriteList(
            "rlimits"u8,
            process.Limits,
            static (json, limit) =>
            {
                json.WriteStartObject();
                json.WriteString("type"u8, ResourceLimits.NameOf(limit.Resource));
                json.WriteNumber("soft"u8, limit.Soft);
                json.WriteNumber("hard"u8, limit.Hard);
                json.WriteEndObject();
            }
        );
        json.WriteNumberIfAny("oomScoreAdj"u8, process.OomScoreAdj);
        json.WriteStartObject("scheduler"u8);
        json.WriteString("policy"u8, process.Stat.Policy.ToString());
        json.WriteNumber("nice"u8, process.Stat.Nice);
        json.WriteNumber("priority"u8, process.Stat.RealTimePriority);
        json.WriteEndObject();
        json.WriteText("hostname"u8, process.Hostname);
        json.WriteList("mounts"u8, process.Mounts, WriteMount);
        json.WriteList("cgroups"u8, process.Cgroups, WriteGroup);
        json.WriteTexts("unobserved"u8, process.Unobserved);
    }

    private static void WriteMount(Utf8JsonWriter json, MountEntry mount)
    {
        json.WriteStartObject();
        json.WriteString("destination"u8, mount.MountPoint.ToString());
        json.WriteString("type"u8, mount.Type);
        json.WriteString("source"u8, mount.Source);
        json.WriteString("root"u8, mount.Root.ToString());
        json.WriteArray("options"u8, mount.Options.Split(','));
        json.WriteArray("fileSystemOptions"u8, mount.SuperOptions.Split(','));
        json.WriteString("propagation"u8, MountComparison.Propagation(mount));
        json.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter json, ObservedGroup group)
    {
        json.WriteStartObject();
        json.WriteString("path"u8, group.Path);
        json.WriteText("controllers"u8, group.Controllers.Length == 0 ? null : group.Controllers);
        json.WriteTextMap("limits"u8, group.Files);
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, ReadOnlySpan<byte> name, ProcessIds ids)
    {
        json.WriteStartObject(name);
        json.WriteNumber("real"u8, ids.Real);
        json.WriteNumber("effective"u8, ids.Effective);
        json.WriteNumber("saved"u8, ids.Saved);
        json.WriteNumber("fileSystem"u8, ids.FileSystem);
        json.WriteEndObject();
    }

    private static void WriteCapabilities(Utf8JsonWriter json, ReadOnlySpan<byte> name, CapabilitySet set)
    {
        json.WriteStartArray(name);
        foreach (Capability capability in set.Enumerate())
        {
            json.WriteStringValue(CapabilityNames.NameOf(capability));
        }

        json.WriteEndArray();
    }
}
