namespace Tare.Oci;

/// <summary>Reads the <c>hooks</c> object. config.md, "POSIX-platform Hooks".</summary>
internal static class HooksReader
{
    internal static HooksSpec Read(ref JsonCursor json)
    {
        HooksSpec hooks = new();
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("prestart"u8))
            {
                hooks = hooks with { Prestart = json.ReadList(ReadHook) };
            }
            else if (json.Is("createRuntime"u8))
            {
                hooks = hooks with { CreateRuntime = json.ReadList(ReadHook) };
            }
            else if (json.Is("createContainer"u8))
            {
                hooks = hooks with { CreateContainer = json.ReadList(ReadHook) };
            }
            else if (json.Is("startContainer"u8))
            {
                hooks = hooks with { StartContainer = json.ReadList(ReadHook) };
            }
            else if (json.Is("poststart"u8))
            {
                hooks = hooks with { Poststart = json.ReadList(ReadHook) };
            }
            else if (json.Is("poststop"u8))
            {
                hooks = hooks with { Poststop = json.ReadList(ReadHook) };
            }
            else
            {
                json.Ignore();
            }
        }

        return hooks;
    }

    private static HookSpec ReadHook(ref JsonCursor json)
    {
        string? path = null;
        IReadOnlyList<string> args = [];
        IReadOnlyList<string> env = [];
        long? timeout = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("path"u8))
            {
                path = json.ReadNonEmptyString();
            }
            else if (json.Is("args"u8))
            {
                args = json.ReadStrings();
            }
            else if (json.Is("env"u8))
            {
                env = json.ReadStrings();
            }
            else if (json.Is("timeout"u8))
            {
                timeout = json.ReadInt64(min: 1);
            }
            else
            {
                json.Ignore();
            }
        }

        return new HookSpec
        {
            Path = path ?? throw json.Missing("path", "name the hook's program by an absolute path"),
            Args = args,
            Env = env,
            Timeout = timeout,
        };
    }
}
