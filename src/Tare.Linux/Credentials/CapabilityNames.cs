using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Capabilities by name. capabilities(7).</summary>
public static class CapabilityNames
{
    /// <summary>The names, the index being the capability's number. A table, because reading names off an enum takes reflection.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        "CAP_CHOWN",
        "CAP_DAC_OVERRIDE",
        "CAP_DAC_READ_SEARCH",
        "CAP_FOWNER",
        "CAP_FSETID",
        "CAP_KILL",
        "CAP_SETGID",
        "CAP_SETUID",
        "CAP_SETPCAP",
        "CAP_LINUX_IMMUTABLE",
        "CAP_NET_BIND_SERVICE",
        "CAP_NET_BROADCAST",
        "CAP_NET_ADMIN",
        "CAP_NET_RAW",
        "CAP_IPC_LOCK",
        "CAP_IPC_OWNER",
        "CAP_SYS_MODULE",
        "CAP_SYS_RAWIO",
        "CAP_SYS_CHROOT",
        "CAP_SYS_PTRACE",
        "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN",
        "CAP_SYS_BOOT",
        "CAP_SYS_NICE",
        "CAP_SYS_RESOURCE",
        "CAP_SYS_TIME",
        "CAP_SYS_TTY_CONFIG",
        "CAP_MKNOD",
        "CAP_LEASE",
        "CAP_AUDIT_WRITE",
        "CAP_AUDIT_CONTROL",
        "CAP_SETFCAP",
        "CAP_MAC_OVERRIDE",
        "CAP_MAC_ADMIN",
        "CAP_SYSLOG",
        "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND",
        "CAP_AUDIT_READ",
        "CAP_PERFMON",
        "CAP_BPF",
        "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>CAP_CHOWN and so on; CAP_n where this version has no name for it.</summary>
    public static string NameOf(Capability capability) =>
        (uint)capability < (uint)All.Length ? All[(int)capability] : $"CAP_{(int)capability}";

    /// <summary>A capability from its name, with or without CAP_, in any case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Capability capability)
    {
        if (text.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase))
        {
            text = text[4..];
        }

        for (int i = 0; i < All.Length; i++)
        {
            if (text.Equals(All[i].AsSpan(4), StringComparison.OrdinalIgnoreCase))
            {
                capability = (Capability)i;
                return true;
            }
        }

        capability = default;
        return false;
    }
}
