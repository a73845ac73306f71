using System.Globalization;
using Tare.OciCli.CommandLine;
using Tare.Runtime.Checkpoints;
using Tare.Runtime.Checkpoints.Protocol;

namespace Tare.OciCli.Verbs;

/// <summary>What <c>checkpoint</c> and <c>restore</c> have in common on the command line.</summary>
internal static class CriuArguments
{
    private const string DefaultImagePath = "checkpoint";

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">An option has a value that it cannot have.</exception>
    public static CriuSettings Read(Arguments arguments)
    {
        // A network namespace is never more than made: what is in it is the engine's.
        foreach (string kind in arguments.Texts("empty-ns"))
        {
            if (kind != "network")
            {
                throw new UsageException($"--empty-ns: namespace \"{kind}\" is not supported (use network)");
            }
        }

        return new CriuSettings
        {
            ImagePath = CreationArguments.FullPath(
                arguments.Text("image-path") is { Length: > 0 } images ? images : DefaultImagePath
            ),
            WorkPath = arguments.Text("work-path") is { Length: > 0 } work ? CreationArguments.FullPath(work) : null,
            TcpEstablished = arguments.Has("tcp-established"),
            TcpClose = arguments.Has("tcp-close"),
            TcpSkipInFlight = arguments.Has("tcp-skip-in-flight"),
            ExternalUnixSockets = arguments.Has("ext-unix-sk"),
            ShellJob = arguments.Has("shell-job"),
            FileLocks = arguments.Has("file-locks"),
            LinkRemap = arguments.Has("link-remap"),
            AutoDedup = arguments.Has("auto-dedup"),
            LazyPages = arguments.Has("lazy-pages"),
            CgroupMode = CgroupMode(arguments.Text("manage-cgroups-mode")),
            NetworkLock = NetworkLock(arguments.Text("network-lock")),
            LsmProfile = NotEmpty(arguments.Text("lsm-profile")),
            LsmMountContext = NotEmpty(arguments.Text("lsm-mount-context")),
        };
    }

    /// <summary>The page server of <c>ADDRESS:PORT</c>; an IPv6 address stands in brackets.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public static PageServer? PageServer(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        int colon = text.LastIndexOf(':');
        string address = colon < 0 ? "" : text[..colon].Trim('[', ']');
        return
            address.Length > 0
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            && port > 0
            ? new PageServer(address, port)
            : throw new UsageException($"invalid value \"{text}\" for --page-server (use ADDRESS:PORT)");
    }

    private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;

    private static CriuCgroupMode CgroupMode(string? mode) =>
        mode switch
        {
            null or "" or "soft" => CriuCgroupMode.Soft,
            "full" => CriuCgroupMode.Full,
            "strict" => CriuCgroupMode.Strict,
            "ignore" => CriuCgroupMode.Ignore,
            _ => throw new UsageException(
                $"invalid value \"{mode}\" for --manage-cgroups-mode (use soft, full, strict or ignore)"
            ),
        };

    private static CriuNetworkLock? NetworkLock(string? method) =>
        method switch
        {
            null or "" => null,
            "iptables" => CriuNetworkLock.Iptables,
            "nftables" => CriuNetworkLock.Nftables,
            "skip" => CriuNetworkLock.Skip,
            _ => throw new UsageException(
                $"invalid value \"{method}\" for --network-lock (use iptables, nftables or skip)"
            ),
        };
}
