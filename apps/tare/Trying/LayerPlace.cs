using Tare.Cli.Sandbox;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime;
using Tare.Runtime.HostView;
using Tare.Runtime.HostView.Changes;

namespace Tare.Cli.Trying;

/// <summary>Where this user's changes are kept until they are decided.</summary>
internal static class LayerPlace
{
    private const FileModes DirectoryMode = (FileModes)0x1C0; // rwx------

    /// <summary>The place, which is made if it is not there.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="named">The directory that was named; null is the default.</param>
    /// <exception cref="ContainerException">There is none.</exception>
    public static KeptViews Open(Caller caller, string? named)
    {
        string path = named is { } given ? HostTree.Absolute(given, caller.WorkingDirectory) : Default(caller);
        Files.MakeDirectories(path, DirectoryMode);
        SysResult<string> resolved = HostTree.Resolve(path);
        string directory = resolved.OrThrow("make the directory for changes", path, "choose another place by --state");
        uint owner = Files.StatX(null, directory).OrThrow("look at", directory).UserId;
        return owner == 0 || owner == Credentials.GetEffectiveUid()
            ? new KeptViews(directory)
            : throw new ContainerException(
                $"'{directory}' is another user's, who could alter changes there (choose another place by --state)"
            );
    }

    private static string Default(Caller caller)
    {
        if (caller.IsPrivileged)
        {
            return "/var/lib/tare/try";
        }

        string? state = Caller.Variable(caller.Environment, "XDG_STATE_HOME");
        return state is { Length: > 0 } && state[0] == '/' ? state + "/tare/try"
            : caller.Home is { } home ? home + "/.local/state/tare/try"
            : throw new ContainerException("there is no place to keep changes (set HOME, or name one by --state)");
    }
}
