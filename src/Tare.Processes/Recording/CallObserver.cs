using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Looks at a call that waits: what it is about. Thread-safe.</summary>
internal sealed class CallObserver(RecordingBuilder builder)
{
    /// <summary>The flags that make namespaces, of clone, clone3 and unshare; CLONE_NEWTIME is none of clone.</summary>
    public const ulong NewNamespaces = 0x7e02_0000;

    /// <summary>A flag of clone3 that only it has and that nothing else can stand for.</summary>
    public const ulong IntoCgroup = 0x2_0000_0000;

    private const ulong NewTime = 0x80;

    // Which threads have which rights; reading them is as dear as all the rest.
    private readonly ConcurrentDictionary<int, ProcStatus> rights = [];
    private readonly EndpointObserver endpoints = new(builder);

    /// <summary>Looks at it. Throws nothing: what cannot be read is counted.</summary>
    public void Observe(SystemCall call)
    {
        builder.AddCall(call.Name, call.Number, call.Abi);
        if (call.Name is not { } name)
        {
            return;
        }

        try
        {
            LookAt(call, name);
        }
        catch (Exception failure) when (failure is KernelException or FormatException or ObjectDisposedException)
        {
            // Who does not wait any more makes no call.
            if (failure is KernelException { Errno: not Errno.ENOENT })
            {
                builder.AddUnreadable();
            }
        }

        if (ChangesRights(name))
        {
            rights.TryRemove(call.ThreadId, out _);
        }
    }

    private void LookAt(SystemCall call, string name)
    {
        ReadOnlySpan<ulong> arguments = call.Arguments.AsSpan();
        ulong namespaces = 0;
        ulong openFlags = 0;
        switch (name)
        {
            case "ioctl":
                builder.AddOperation(name, (uint)arguments[1]);
                return;
            case "prctl":
                builder.AddOperation(name, (uint)arguments[0]);
                return;
            case "clone":
                namespaces = arguments[0] & NewNamespaces;
                builder.AddOperation(name, namespaces);
                break;
            case "unshare":
                namespaces = arguments[0] & (NewNamespaces | NewTime);
                builder.AddOperation(name, namespaces);
                break;
            case "clone3":
                ulong flags = Word(call, arguments[0]);
                namespaces = flags & (NewNamespaces | NewTime);
                builder.AddOperation(name, flags & (NewNamespaces | NewTime | IntoCgroup));
                break;
            case "openat2":
                openFlags = Word(call, arguments[2]);
                break;
            case "socket" or "socketpair":
                builder.Add(
                    new RecordedSocket(
                        (SocketFamily)(int)arguments[0],
                        (SocketType)(int)(arguments[1] & 0xf),
                        (int)arguments[2]
                    )
                );
                break;
            case "kill" or "tgkill" or "tkill":
                SeeSignal(call, (int)arguments[0]);
                return;
            case "connect" or "bind" or "sendto" or "sendmsg" or "sendmmsg":
                SeeEndpoints(call, name);
                return;
        }

        if (NeededCapabilities.Of(name, arguments, namespaces) is { } capability)
        {
            Need(call, capability);
        }

        SeePaths(call, CallPaths.Of(name, arguments, openFlags));
    }

    private void SeePaths(SystemCall call, PathUse[] uses)
    {
        if (uses.Length == 0)
        {
            return;
        }

        PathFinder finder = new(call.ThreadId);
        SeenPath? first = null;
        foreach (PathUse use in uses)
        {
            ulong address = call.Arguments[use.Path];
            if (address == 0)
            {
                continue;
            }

            BytePath path = call.ReadBytes(address);
            int number = use.Directory < 0 ? -100 : (int)call.Arguments[use.Directory];
            int? directory = number == -100 ? null : number;
            if (path.IsEmpty && directory is null)
            {
                continue;
            }

            if (finder.Find(directory, path, use.NoFollow && !path.IsEmpty) is not { } seen)
            {
                // A pipe or the like, which is no path.
                if (!path.IsEmpty)
                {
                    builder.AddUnreadable();
                }

                continue;
            }

            See(call, use, seen, first);
            if (use.Access == RecordedAccess.Execute)
            {
                SeeInterpreters(call, finder, seen);
            }

            first ??= seen;
        }
    }

    private void See(SystemCall call, PathUse use, SeenPath seen, SeenPath? first)
    {
        RecordedAccess access = use.Access;
        if (use.Removes && seen.Status is not null)
        {
            access |= seen.IsDirectory ? RecordedAccess.RemoveDirectory : RecordedAccess.Remove;
            access &= seen.IsDirectory ? ~RecordedAccess.Remove : ~RecordedAccess.RemoveDirectory;
        }
        else if (use.Removes)
        {
            access &= ~(RecordedAccess.Remove | RecordedAccess.RemoveDirectory);
        }

        if (use.MakesSame && first is not null)
        {
            access |=
                first.IsDirectory ? RecordedAccess.MakeDirectory
                : first.Is(FileModes.S_IFLNK) ? RecordedAccess.MakeSymbolicLink
                : first.Is(FileModes.S_IFIFO) ? RecordedAccess.MakePipe
                : first.Is(FileModes.S_IFSOCK) ? RecordedAccess.MakeSocket
                : RecordedAccess.MakeFile;
            if (DirectoryOf(first.Path) != DirectoryOf(seen.Path))
            {
                access |= RecordedAccess.Move;
                builder.Add(new RecordedPath(first.Path, RecordedAccess.Move));
            }
        }

        if (use.Creates && seen.Status is null)
        {
            access |= RecordedAccess.MakeFile;
        }

        if (seen.IsDirectory && access == RecordedAccess.Read)
        {
            access = RecordedAccess.List;
        }

        bool missing = seen.Status is null && (access & ~Reading) == 0;
        builder.Add(
            new RecordedPath(seen.Path, access == RecordedAccess.None ? RecordedAccess.Look : access)
            {
                Missing = missing,
                Device = seen.IsDevice,
            }
        );
        if (NeededCapabilities.OfFile(seen, access, RightsOf(call)) is { } capability)
        {
            Need(call, capability);
        }
    }

    // What finds nothing where nothing is, and makes nothing.
    private const RecordedAccess Reading =
        RecordedAccess.Look
        | RecordedAccess.Read
        | RecordedAccess.Write
        | RecordedAccess.Execute
        | RecordedAccess.Attributes;

    private void SeeInterpreters(SystemCall call, PathFinder finder, SeenPath program)
    {
        const int Deepest = 5; // the kernel follows four, execve(2)
        SeenPath? next = program;
        for (int depth = 0; depth < Deepest && next is { Status: not null, IsDirectory: false }; depth++)
        {
            SysResult<FileFd> opened = Files.OpenAt(null, next.Path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
            if (!opened.Ok)
            {
                return;
            }

            using FileFd file = opened.Value;
            byte[] head = new byte[ProgramInterpreter.HeadLength];
            int length = Files.ReadAt(file, head, 0).Value;
            string? interpreter = ProgramInterpreter.Find(head.AsSpan(0, length));
            next = string.IsNullOrEmpty(interpreter) ? null : finder.Find(null, interpreter, noFollow: false);
            if (next is not null)
            {
                See(call, new PathUse(-1, -1, RecordedAccess.Execute), next, null);
            }
        }
    }

    private void SeeEndpoints(SystemCall call, string name)
    {
        foreach (RecordedEndpoint endpoint in endpoints.See(call, name))
        {
            if (
                endpoint is { Use: EndpointUse.Bind, Family: SocketFamily.AF_INET or SocketFamily.AF_INET6, Port: > 0 }
                && endpoint.Port < EndpointObserver.FirstOpenPort
            )
            {
                Need(call, Capability.CAP_NET_BIND_SERVICE);
            }

            if (
                endpoint is { Family: SocketFamily.AF_UNIX, Use: EndpointUse.Bind, Address: { Length: > 0 } path }
                && path[0] != '@'
            )
            {
                SeenPath? seen = new PathFinder(call.ThreadId).Find(null, path, noFollow: true);
                if (seen is not null)
                {
                    See(call, new PathUse(-1, -1, RecordedAccess.MakeSocket), seen, null);
                }
            }
        }
    }

    // Another user's process.
    private void SeeSignal(SystemCall call, int target)
    {
        if (
            target > 0
            && ProcStatus.Read(target) is { Ok: true, Value: var other }
            && RightsOf(call) is var own
            && own.Users.Effective != other.Users.Real
            && own.Users.Effective != other.Users.Saved
        )
        {
            Need(call, Capability.CAP_KILL);
        }
    }

    private void Need(SystemCall call, Capability capability)
    {
        if (RightsOf(call).Capabilities.Effective.Contains(capability))
        {
            builder.Add(capability);
        }
    }

    private ProcStatus RightsOf(SystemCall call) =>
        rights.TryGetValue(call.ThreadId, out ProcStatus? known)
            ? known
            : rights[call.ThreadId] = ProcStatus.Read(call.ThreadId).OrThrow("read the rights of");

    private static bool ChangesRights(string name) =>
        name.StartsWith("set", StringComparison.Ordinal)
        || name is "capset" or "prctl" or "execve" or "execveat" or "unshare" or "exit" or "exit_group";

    private static ulong Word(SystemCall call, ulong address)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        return call.ReadMemory(address, word) == word.Length ? BinaryPrimitives.ReadUInt64LittleEndian(word) : 0;
    }

    private static string DirectoryOf(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];
}
