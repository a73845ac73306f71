using System.Text.Json;

namespace Tare.Oci;

/// <summary>Writes a <c>seccomp</c> object.</summary>
internal static class SeccompWriter
{
    internal static void Write(Utf8JsonWriter json, SeccompSpec seccomp)
    {
        json.WriteStartObject();
        json.WriteString("defaultAction"u8, SeccompNames.Of(seccomp.DefaultAction));
        json.WriteNumberIfAny("defaultErrnoRet"u8, seccomp.DefaultErrnoRet);
        json.WriteTexts("architectures"u8, [.. seccomp.Architectures.Select(SeccompNames.Of)]);
        if (seccomp.Flags is { } flags)
        {
            json.WriteArray("flags"u8, [.. flags.Select(SeccompNames.Of)]);
        }

        json.WriteText("listenerPath"u8, seccomp.ListenerPath);
        json.WriteText("listenerMetadata"u8, seccomp.ListenerMetadata);
        json.WriteList("syscalls"u8, seccomp.Syscalls, WriteRule);
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, SeccompRuleSpec rule)
    {
        json.WriteStartObject();
        json.WriteArray("names"u8, rule.Names);
        json.WriteString("action"u8, SeccompNames.Of(rule.Action));
        json.WriteNumberIfAny("errnoRet"u8, rule.ErrnoRet);
        json.WriteList("args"u8, rule.Args, WriteArg);
        json.WriteEndObject();
    }

    private static void WriteArg(Utf8JsonWriter json, SeccompArgSpec arg)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, arg.Index);
        json.WriteNumber("value"u8, arg.Value);
        if (arg.ValueTwo != 0)
        {
            json.WriteNumber("valueTwo"u8, arg.ValueTwo);
        }

        json.WriteString("op"u8, SeccompNames.Of(arg.Operator));
        json.WriteEndObject();
    }
}
