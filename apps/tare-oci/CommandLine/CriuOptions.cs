using static Tare.OciCli.CommandLine.CommandTable;

namespace Tare.OciCli.CommandLine;

/// <summary>The options of <c>checkpoint</c> and <c>restore</c>: runc's and crun's.</summary>
internal static class CriuOptions
{
    /// <summary>Those of <c>checkpoint</c>.</summary>
    public static Option[] Checkpoint() =>
        [
            .. Common(),
            Text("parent-path", '\0', "DIR", "the images of the dump before, relative to --image-path"),
            Flag("leave-running", '\0', "let the container go on afterwards"),
            Flag("pre-dump", '\0', "save the memory alone and let the container go on"),
            Text("page-server", '\0', "ADDRESS:PORT", "send the memory to a page server"),
            Text("status-fd", '\0', "N", "a descriptor that is told when pages can be asked for"),
            Help(),
        ];

    /// <summary>Those of <c>restore</c>.</summary>
    public static Option[] Restore() =>
        [
            .. Common(),
            Text("bundle", 'b', "DIR", "the bundle's directory (the working directory)"),
            Flag("detach", 'd', "leave the container running and return"),
            Text("pid-file", '\0', "FILE", "a file that the first process's id is written to"),
            Text("console-socket", '\0', "PATH", "a socket that the terminal's master is sent to"),
            Flag("no-subreaper", '\0', "do not become the reaper of the container's orphans"),
            Flag("no-pivot", '\0', "no effect: criu changes the root itself"),
            Text("lsm-profile", '\0', "TYPE:NAME", "the LSM profile that the processes get"),
            Text("lsm-mount-context", '\0', "CONTEXT", "the LSM context that the mounts get"),
            Help(),
        ];

    private static Option[] Common() =>
        [
            Text("image-path", '\0', "DIR", "the directory with the images (./checkpoint)"),
            Text("work-path", '\0', "DIR", "the directory for criu's log (that of the images)"),
            Flag("tcp-established", '\0', "keep TCP connections"),
            Flag("tcp-close", '\0', "close TCP connections"),
            Flag("tcp-skip-in-flight", '\0', "leave out TCP connections that are just being made"),
            Flag("ext-unix-sk", '\0', "allow UNIX sockets that are connected to processes outside"),
            Flag("shell-job", '\0', "allow a session and a terminal outside"),
            Flag("file-locks", '\0', "keep locks of files"),
            Flag("link-remap", '\0', "give files without a name one for the time in between"),
            Flag("auto-dedup", '\0', "cut pages out of older images that newer ones have"),
            Flag("lazy-pages", '\0', "hand pages over when they are asked for"),
            Text("manage-cgroups-mode", '\0', "MODE", "soft, full, strict or ignore (soft)"),
            Text("network-lock", '\0', "METHOD", "hold connections by iptables, nftables or skip it"),
            Texts("empty-ns", '\0', "KIND", "make a namespace and restore nothing in it: network, as always"),
        ];
}
