using System.Text.Json;

namespace Tare.Oci;

/// <summary>Writes the <c>hooks</c> object.</summary>
internal static class HooksWriter
{
    internal static void Write(Utf8JsonWriter json, HooksSpec hooks)
    {
        json.WriteStartObject();
        json.WriteList("prestart"u8, hooks.Prestart, WriteHook);
        json.WriteList("createRuntime"u8, hooks.CreateRuntime, WriteHook);
        json.WriteList("createContainer"u8, hooks.CreateContainer, WriteHook);
        json.WriteList("startContainer"u8, hooks.StartContainer, WriteHook);
        json.WriteList("poststart"u8, hooks.Poststart, WriteHook);
        json.WriteList("poststop"u8, hooks.Poststop, WriteHook);
        json.WriteEndObject();
    }

    private static void WriteHook(Utf8JsonWriter json, HookSpec hook)
    {
        json.WriteStartObject();
        json.WriteString("path"u8, hook.Path);
        json.WriteTexts("args"u8, hook.Args);
        json.WriteTexts("env"u8, hook.Env);
        json.WriteNumberIfAny("timeout"u8, hook.Timeout);
        json.WriteEndObject();
    }
}
