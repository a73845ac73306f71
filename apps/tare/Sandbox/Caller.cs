using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.HostView;

namespace Tare.Cli.Sandbox;

/// <summary>Who calls and from where: all that a sandbox takes over from this process. Only data.</summary>
internal sealed record Caller
{
    /// <summary>The user.</summary>
    public required uint Uid { get; init; }

    /// <summary>The group.</summary>
    public required uint Gid { get; init; }

    /// <summary>The further groups.</summary>
    public required IReadOnlyList<uint> Groups { get; init; }

    /// <summary>The capabilities that this process can hand on.</summary>
    public required CapabilitySet Capabilities { get; init; }

    /// <summary>It is root, and with CAP_SYS_ADMIN, in the machine's own user namespace.</summary>
    public required bool IsPrivileged { get; init; }

    /// <summary>The working directory, without symbolic links.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The home directory without symbolic links; null where there is none.</summary>
    public required string? Home { get; init; }

    /// <summary>The environment, <c>NAME=value</c> each, in order.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>The terminal's size, where standard input and output are one.</summary>
    public required WinSize? Terminal { get; init; }

    /// <summary>The terminal's settings, where standard input and output are one.</summary>
    public TermiosLinux? TerminalSettings { get; init; }

    /// <summary>Looks.</summary>
    /// <exception cref="KernelException">/proc is not mounted, or the working directory is gone.</exception>
    public static Caller Read()
    {
        IReadOnlyList<string> environment = ReadEnvironment();
        string? home = Variable(environment, "HOME");
        SysResult<string> resolvedHome = home is { Length: > 0 } && home[0] == '/' ? HostTree.Resolve(home) : default;
        CapabilityState capabilities = Linux.Capabilities.Get().OrThrow("capget");
        uint uid = Credentials.GetEffectiveUid();
        WinSize? terminal = ReadTerminal();
        return new Caller
        {
            Uid = uid,
            Gid = Credentials.GetEffectiveGid(),
            Groups = Credentials.GetGroups().OrThrow("getgroups"),
            Capabilities = capabilities.Permitted,
            IsPrivileged =
                uid == 0 && capabilities.Effective.Contains(Capability.CAP_SYS_ADMIN) && IsFirstUserNamespace(),
            WorkingDirectory = HostTree.Resolve(".").OrThrow("find the working directory", null, "mount /proc"),
            Home = resolvedHome.Ok ? resolvedHome.Value : null,
            Environment = environment,
            Terminal = terminal,
            TerminalSettings =
                terminal is not null && Terminals.GetSettings(Output.Input) is { Ok: true, Value: var settings }
                    ? settings
                    : null,
        };
    }

    /// <summary>The value of a variable; of several the last.</summary>
    public static string? Variable(IReadOnlyList<string> environment, string name)
    {
        for (int i = environment.Count - 1; i >= 0; i--)
        {
            if (
                environment[i].Length > name.Length
                && environment[i][name.Length] == '='
                && environment[i].StartsWith(name, StringComparison.Ordinal)
            )
            {
                return environment[i][(name.Length + 1)..];
            }
        }

        return null;
    }

    // A user namespace in which every number is its own is the first, or as good as that.
    private static bool IsFirstUserNamespace()
    {
        SysResult<byte[]> map = Files.ReadAllAt(null, "/proc/self/uid_map");
        string[] fields = Encoding
            .UTF8.GetString(map.Value ?? [])
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields is ["0", "0", "4294967295"];
    }

    // Not as the runtime has it: in order, and with what is no well-formed variable.
    private static List<string> ReadEnvironment()
    {
        byte[] text = Files
            .ReadAllAt(null, "/proc/self/environ", 64 << 20)
            .OrThrow("read", "/proc/self/environ", "mount /proc");
        List<string> variables = [];
        foreach (Range range in text.AsSpan().Split((byte)0))
        {
            if (!text.AsSpan()[range].IsEmpty)
            {
                variables.Add(Encoding.UTF8.GetString(text.AsSpan()[range]));
            }
        }

        return variables;
    }

    private static WinSize? ReadTerminal()
    {
        if (!Terminals.IsTerminal(Output.Input) || !Terminals.IsTerminal(Output.Standard))
        {
            return null;
        }

        SysResult<WinSize> size = Terminals.GetSize(Output.Input);
        return size.Ok ? size.Value : null;
    }
}
