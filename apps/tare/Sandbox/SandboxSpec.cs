using Tare.Cli.CommandLine;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Containers;
using Tare.Runtime.HostView;
using Tare.Runtime.Validation;

namespace Tare.Cli.Sandbox;

/// <summary>
/// A sandbox as a configuration of the OCI runtime specification: what the options mean for this caller. Looks at files,
/// changes nothing.
/// </summary>
internal static class SandboxSpec
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The period of a processor quota in microseconds: the kernel's default.</summary>
    private const int Period = 100_000;

    /// <summary>Makes the configuration.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="caller">By whom.</param>
    /// <param name="directory">Where the program starts.</param>
    /// <param name="hasCgroup">It has a cgroup of its own.</param>
    /// <exception cref="UsageException">An option asks for what cannot be.</exception>
    /// <exception cref="SpecException">A value is not what it must be.</exception>
    public static ValidatedSpec Make(RunOptions options, Caller caller, string directory, bool hasCgroup)
    {
        Account account = AccountOf(options, caller);
        bool terminal = HasTerminal(options, caller);
        RuntimeSpec defaults = DefaultSpec.Create(unifiedCgroups: true);
        RuntimeSpec spec = new()
        {
            OciVersion = SpecVersion.Newest,
            Hostname = options.HostName,
            Process = new ProcessSpec
            {
                Terminal = terminal,
                ConsoleSize =
                    terminal && caller.Terminal is { } size ? new ConsoleSizeSpec(size.Rows, size.Columns) : null,
                User = new UserSpec
                {
                    Uid = account.Uid,
                    Gid = account.Gid,
                    AdditionalGids = caller.IsPrivileged ? account.Groups : [],
                },
                Args = options.Command,
                Env = SandboxEnvironment.Of(options, caller, account, DefaultPath),
                Cwd = directory,
                Capabilities = CapabilitiesOf(options, caller),
                NoNewPrivileges = true,
            },
            Mounts = SandboxMounts.Of(options, caller, hasCgroup),
            Linux = new LinuxSpec
            {
                Namespaces = NamespacesOf(options, caller),
                UidMappings = caller.IsPrivileged ? [] : [new IdMapping(account.Uid, caller.Uid, 1)],
                GidMappings = caller.IsPrivileged ? [] : [new IdMapping(account.Gid, caller.Gid, 1)],
                Seccomp = options.SeccompFile is { } file ? ReadSeccomp(file) : null,
                Resources = hasCgroup ? ResourcesOf(options) : null,

                // What only its owner's user number protects: in a user namespace of an ordinary user that is enough,
                // and covering parts of /proc would keep sandboxes inside from having one.
                MaskedPaths = IsMachineRoot(caller) ? defaults.Linux!.MaskedPaths : [],
                ReadonlyPaths = IsMachineRoot(caller) ? defaults.Linux!.ReadonlyPaths : [],
            },
        };
        return SpecValidator.Validate(
            spec,
            new ValidationContext(caller.WorkingDirectory)
            {
                RootGiven = true,
                Rootless = !caller.IsPrivileged,
                ConsoleSocket = terminal,
            }
        );
    }

    /// <summary>The limits that the options name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="limitsSwap">The limit of memory is one of memory and swap together.</param>
    public static ResourcesSpec ResourcesOf(RunOptions options, bool limitsSwap = false) =>
        new()
        {
            Memory = options.Memory is { } memory
                ? new MemorySpec { Limit = memory, Swap = limitsSwap ? memory : null }
                : null,
            Cpu = options.Processors is { } processors
                ? new CpuSpec { Quota = (long)(processors * Period), Period = Period }
                : null,
            Pids = options.Processes is { } processes ? new PidsSpec(processes) : null,
        };

    /// <summary>The program gets a terminal of its own.</summary>
    public static bool HasTerminal(RunOptions options, Caller caller) =>
        options.Terminal switch
        {
            TerminalUse.Always => true,
            TerminalUse.Never => false,
            _ => caller.Terminal is not null,
        };

    /// <summary>Where the program starts: a directory that is there, without symbolic links where it is this machine's.</summary>
    /// <exception cref="UsageException">There is no such directory.</exception>
    public static string DirectoryOf(RunOptions options, Caller caller)
    {
        if (options.WorkingDirectory is not { } wanted)
        {
            return options.Rootfs is not null ? "/"
                : HostTree.Look(caller.WorkingDirectory) is { IsDirectory: true } ? caller.WorkingDirectory
                : throw new KernelException(
                    Errno.ENOENT,
                    "enter the working directory",
                    caller.WorkingDirectory,
                    "it has been removed, or cannot be reached: change to another, or use --workdir"
                );
        }

        if (options.Rootfs is not null)
        {
            return wanted.StartsWith('/')
                ? wanted
                : throw new UsageException($"--workdir: '{wanted}' must be absolute with --rootfs");
        }

        string path = HostTree.Absolute(wanted, caller.WorkingDirectory);
        SysResult<string> resolved = HostTree.Resolve(path);
        return !resolved.Ok ? throw new UsageException($"--workdir: '{path}' {resolved.Errno} (name a directory)")
            : HostTree.Look(resolved.Value) is { IsDirectory: true } ? resolved.Value
            : throw new UsageException($"--workdir: '{path}' ENOTDIR (name a directory)");
    }

    // Read by whoever calls tare, before anything happens.
    private static SeccompSpec? ReadSeccomp(string path)
    {
        using FileFd file = Files.OpenAt(null, path, OpenFlags.O_RDONLY).OrThrow("open", path, "--seccomp reads it");
        return SeccompDocument.Read(Files.ReadToEnd(file, (int)DocumentSize.Limit).OrThrow("read", path), path);
    }

    // Root of the machine itself, though without any capability, whether a user namespace lies between or not.
    private static bool IsMachineRoot(Caller caller) => caller.Uid == 0;

    private static Account AccountOf(RunOptions options, Caller caller)
    {
        string root = options.Rootfs is { } rootfs ? HostTree.Absolute(rootfs, caller.WorkingDirectory) : "/";
        if (options.User is { } text)
        {
            return Accounts.Find(text, root);
        }

        using RootDirectory? directory = options.Rootfs is null ? null : RootDirectory.TryOpen(root);
        return new Account(caller.Uid, caller.Gid, caller.Groups, null, directory?.HomeOf(caller.Uid));
    }

    private static NamespaceSpec[] NamespacesOf(RunOptions options, Caller caller) =>
        [
            new(NamespaceType.Pid),
            new(NamespaceType.Mount),
            new(NamespaceType.Uts),
            new(NamespaceType.Ipc),
            new(NamespaceType.Cgroup),
            .. options.HostNetwork ? Array.Empty<NamespaceSpec>() : [new(NamespaceType.Network)],
            .. caller.IsPrivileged ? Array.Empty<NamespaceSpec>() : [new(NamespaceType.User)],
        ];

    private static CapabilitiesSpec CapabilitiesOf(RunOptions options, Caller caller)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (string text in options.Capabilities)
        {
            foreach (string word in text.Split(','))
            {
                AddCapability(names, word, caller);
            }
        }

        string[] list = [.. names];
        return new CapabilitiesSpec
        {
            Bounding = list,
            Effective = list,
            Permitted = list,
            Inheritable = list,
            Ambient = list,
        };
    }

    private static void AddCapability(SortedSet<string> names, string word, Caller caller)
    {
        string name = word.ToUpperInvariant();
        if (name == "ALL")
        {
            for (Capability each = 0; each <= Linux.Capabilities.Last; each++)
            {
                if (CanGive(caller, each) && (int)each < CapabilityNames.All.Length)
                {
                    names.Add(CapabilityNames.All[(int)each]);
                }
            }

            return;
        }

        name = name.StartsWith("CAP_", StringComparison.Ordinal) ? name : "CAP_" + name;
        int number = CapabilityNames.All.IndexOf(name);
        if (number < 0)
        {
            throw new UsageException($"--cap-add: '{word}' is no capability (see capabilities(7))");
        }

        names.Add(
            CanGive(caller, (Capability)number)
                ? name
                : throw new UsageException($"--cap-add: {name} is none that this process has itself (leave it out)")
        );
    }

    // In a user namespace of its own a process has every capability, over that namespace.
    private static bool CanGive(Caller caller, Capability capability) =>
        !caller.IsPrivileged || caller.Capabilities.Contains(capability);
}
