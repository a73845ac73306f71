using System.Text.Json;

namespace Tare.Oci;

/// <summary>Writes a <c>process</c> object.</summary>
internal static class ProcessWriter
{
    internal static void Write(Utf8JsonWriter json, ProcessSpec process)
    {
        json.WriteStartObject();
        json.WriteFlag("terminal"u8, process.Terminal);
        if (process.ConsoleSize is { } size)
        {
            json.WriteStartObject("consoleSize"u8);
            json.WriteNumber("height"u8, size.Height);
            json.WriteNumber("width"u8, size.Width);
            json.WriteEndObject();
        }

        WriteUser(json, process.User);
        json.WriteTexts("args"u8, process.Args);
        json.WriteTexts("env"u8, process.Env);
        json.WriteString("cwd"u8, process.Cwd);
        if (process.Capabilities is { } capabilities)
        {
            json.WriteStartObject("capabilities"u8);
            json.WriteTexts("bounding"u8, capabilities.Bounding);
            json.WriteTexts("effective"u8, capabilities.Effective);
            json.WriteTexts("inheritable"u8, capabilities.Inheritable);
            json.WriteTexts("permitted"u8, capabilities.Permitted);
            json.WriteTexts("ambient"u8, capabilities.Ambient);
            json.WriteEndObject();
        }

        json.WriteList("rlimits"u8, process.Rlimits, WriteRlimit);
        json.WriteFlag("noNewPrivileges"u8, process.NoNewPrivileges);
        json.WriteText("apparmorProfile"u8, process.ApparmorProfile);
        json.WriteText("selinuxLabel"u8, process.SelinuxLabel);
        json.WriteNumberIfAny("oomScoreAdj"u8, process.OomScoreAdj);
        SchedulingWriter.Write(json, process);
        json.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter json, UserSpec user)
    {
        json.WriteStartObject("user"u8);
        json.WriteNumber("uid"u8, user.Uid);
        json.WriteNumber("gid"u8, user.Gid);
        json.WriteNumberIfAny("umask"u8, user.Umask);
        json.WriteList("additionalGids"u8, user.AdditionalGids, static (json, gid) => json.WriteNumberValue(gid));
        json.WriteEndObject();
    }

    private static void WriteRlimit(Utf8JsonWriter json, RlimitSpec rlimit)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, rlimit.Type);
        json.WriteNumber("hard"u8, rlimit.Hard);
        json.WriteNumber("soft"u8, rlimit.Soft);
        json.WriteEndObject();
    }
}
