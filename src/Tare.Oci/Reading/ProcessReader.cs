namespace Tare.Oci;

/// <summary>Reads a <c>process</c> object. config.md, "Process".</summary>
internal static class ProcessReader
{
    internal static ProcessSpec Read(ref JsonCursor json)
    {
        bool terminal = false;
        ConsoleSizeSpec? consoleSize = null;
        UserSpec? user = null;
        IReadOnlyList<string> args = [];
        IReadOnlyList<string> env = [];
        string? cwd = null;
        CapabilitiesSpec? capabilities = null;
        IReadOnlyList<RlimitSpec> rlimits = [];
        bool noNewPrivileges = false;
        int? oomScoreAdj = null;
        SchedulerSpec? scheduler = null;
        IoPrioritySpec? ioPriority = null;
        ExecAffinitySpec? execAffinity = null;
        string? apparmorProfile = null;
        string? selinuxLabel = null;

        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("terminal"u8))
            {
                terminal = json.ReadBoolean();
            }
            else if (json.Is("consoleSize"u8))
            {
                consoleSize = ReadConsoleSize(ref json);
            }
            else if (json.Is("user"u8))
            {
                user = ReadUser(ref json);
            }
            else if (json.Is("args"u8))
            {
                args = json.ReadStrings();
            }
            else if (json.Is("env"u8))
            {
                env = json.ReadStrings();
            }
            else if (json.Is("cwd"u8))
            {
                cwd = json.ReadNonEmptyString();
            }
            else if (json.Is("capabilities"u8))
            {
                capabilities = ReadCapabilities(ref json);
            }
            else if (json.Is("rlimits"u8))
            {
                rlimits = json.ReadList(ReadRlimit);
            }
            else if (json.Is("noNewPrivileges"u8))
            {
                noNewPrivileges = json.ReadBoolean();
            }
            else if (json.Is("oomScoreAdj"u8))
            {
                oomScoreAdj = (int)json.ReadInt64(-1000, 1000);
            }
            else if (json.Is("scheduler"u8))
            {
                scheduler = SchedulingReader.ReadScheduler(ref json);
            }
            else if (json.Is("ioPriority"u8))
            {
                ioPriority = SchedulingReader.ReadIoPriority(ref json);
            }
            else if (json.Is("execCPUAffinity"u8))
            {
                execAffinity = SchedulingReader.ReadExecAffinity(ref json);
            }
            else if (json.Is("apparmorProfile"u8))
            {
                apparmorProfile = json.ReadStringOrNull();
            }
            else if (json.Is("selinuxLabel"u8))
            {
                selinuxLabel = json.ReadStringOrNull();
            }
            else if (json.Is("commandLine"u8))
            {
                json.Decline();
            }
            else
            {
                json.Ignore();
            }
        }

        return new ProcessSpec
        {
            Terminal = terminal,
            ConsoleSize = consoleSize,
            User = user ?? UserSpec.Root,
            Args = args,
            Env = env,
            Cwd = cwd ?? throw json.Missing("cwd", "name an absolute path in the container"),
            Capabilities = capabilities,
            Rlimits = rlimits,
            NoNewPrivileges = noNewPrivileges,
            OomScoreAdj = oomScoreAdj,
            Scheduler = scheduler,
            IoPriority = ioPriority,
            ExecAffinity = execAffinity,
            ApparmorProfile = apparmorProfile,
            SelinuxLabel = selinuxLabel,
        };
    }

    private static ConsoleSizeSpec ReadConsoleSize(ref JsonCursor json)
    {
        ushort? height = null;
        ushort? width = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("height"u8))
            {
                height = (ushort)json.ReadInt64(0, ushort.MaxValue);
            }
            else if (json.Is("width"u8))
            {
                width = (ushort)json.ReadInt64(0, ushort.MaxValue);
            }
            else
            {
                json.Ignore();
            }
        }

        return new ConsoleSizeSpec(
            height ?? throw json.Missing("height", "give the number of lines"),
            width ?? throw json.Missing("width", "give the number of columns")
        );
    }

    private static UserSpec ReadUser(ref JsonCursor json)
    {
        uint uid = 0;
        uint gid = 0;
        uint? umask = null;
        IReadOnlyList<uint> additionalGids = [];
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("uid"u8))
            {
                uid = ReadId(ref json);
            }
            else if (json.Is("gid"u8))
            {
                gid = ReadId(ref json);
            }
            else if (json.Is("umask"u8))
            {
                umask = (uint)json.ReadInt64(0, 0x1FF);
            }
            else if (json.Is("additionalGids"u8))
            {
                additionalGids = json.ReadList(ReadId);
            }
            else if (json.Is("username"u8))
            {
                json.Decline();
            }
            else
            {
                json.Ignore();
            }
        }

        return new UserSpec
        {
            Uid = uid,
            Gid = gid,
            Umask = umask,
            AdditionalGids = additionalGids,
        };
    }

    /// <summary>The last number of 32 bits is no id: setresuid(2) takes it for "leave as it is".</summary>
    private static uint ReadId(ref JsonCursor json) => (uint)json.ReadInt64(0, uint.MaxValue - 1);

    private static CapabilitiesSpec ReadCapabilities(ref JsonCursor json)
    {
        IReadOnlyList<string> bounding = [];
        IReadOnlyList<string> effective = [];
        IReadOnlyList<string> permitted = [];
        IReadOnlyList<string> inheritable = [];
        IReadOnlyList<string> ambient = [];
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("bounding"u8))
            {
                bounding = json.ReadStrings();
            }
            else if (json.Is("effective"u8))
            {
                effective = json.ReadStrings();
            }
            else if (json.Is("permitted"u8))
            {
                permitted = json.ReadStrings();
            }
            else if (json.Is("inheritable"u8))
            {
                inheritable = json.ReadStrings();
            }
            else if (json.Is("ambient"u8))
            {
                ambient = json.ReadStrings();
            }
            else
            {
                json.Ignore();
            }
        }

        return new CapabilitiesSpec
        {
            Bounding = bounding,
            Effective = effective,
            Permitted = permitted,
            Inheritable = inheritable,
            Ambient = ambient,
        };
    }

    private static RlimitSpec ReadRlimit(ref JsonCursor json)
    {
        string? type = null;
        ulong? soft = null;
        ulong? hard = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("type"u8))
            {
                type = json.ReadNonEmptyString();
            }
            else if (json.Is("soft"u8))
            {
                soft = json.ReadUInt64();
            }
            else if (json.Is("hard"u8))
            {
                hard = json.ReadUInt64();
            }
            else
            {
                json.Ignore();
            }
        }

        return new RlimitSpec(
            type ?? throw json.Missing("type", "name the limit, such as RLIMIT_NOFILE"),
            soft ?? throw json.Missing("soft", "give the limit in force"),
            hard ?? throw json.Missing("hard", "give the limit's ceiling")
        );
    }
}
