using System.Globalization;
using Tare.Oci;
using Tare.OciCli.CommandLine;
using Tare.Runtime.Containers;

namespace Tare.OciCli.Verbs;

/// <summary>The program that <c>exec</c> is asked for: a file's, or the container's own with what the options change.</summary>
internal static class ExecProcess
{
    /// <summary>Puts it together.</summary>
    /// <exception cref="UsageException">Neither a file nor a program is named, or an option has a wrong value.</exception>
    public static ProcessSpec Of(Arguments arguments, Container container)
    {
        if (arguments.Text("process") is { } file)
        {
            return ProcessDocument.Read(ConfigurationFile.Read(file, file, "name a file with a process object"), file);
        }

        string[] program = [.. arguments.Words.Skip(1)];
        if (program.Length == 0)
        {
            throw new UsageException("\"exec\" needs a program, or --process (see 'tare-oci exec --help')");
        }

        ProcessSpec own =
            container.ReadConfiguration().Process
            ?? throw new UsageException("the container's configuration has no process (use --process)");
        return own with
        {
            Args = program,
            Terminal = arguments.Has("tty"),
            ConsoleSize = null,
            Cwd = arguments.Text("cwd") ?? own.Cwd,
            Env = [.. own.Env, .. arguments.Texts("env")],
            NoNewPrivileges = own.NoNewPrivileges || arguments.Has("no-new-privs"),
            ApparmorProfile = arguments.Text("apparmor") ?? own.ApparmorProfile,
            SelinuxLabel = arguments.Text("process-label") ?? own.SelinuxLabel,
            User = UserOf(arguments, own.User),
            Capabilities = CapabilitiesOf(arguments.Texts("cap"), own.Capabilities),
        };
    }

    internal static UserSpec UserOf(Arguments arguments, UserSpec own)
    {
        UserSpec user = own;
        if (arguments.Text("user") is { } text)
        {
            string[] parts = text.Split(':');
            if (parts.Length > 2)
            {
                throw new UsageException($"invalid value \"{text}\" for --user (use UID or UID:GID)");
            }

            user = user with { Uid = Id("user", parts[0]), Gid = parts.Length == 2 ? Id("user", parts[1]) : user.Gid };
        }

        IReadOnlyList<string> groups = arguments.Texts("additional-gids");
        return groups.Count == 0
            ? user
            : user with
            {
                AdditionalGids = [.. user.AdditionalGids, .. groups.Select(group => Id("additional-gids", group))],
            };
    }

    private static uint Id(string option, string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id)
            ? id
            : throw new UsageException($"invalid value \"{text}\" for --{option} (use a number)");

    private static CapabilitiesSpec? CapabilitiesOf(IReadOnlyList<string> added, CapabilitiesSpec? own)
    {
        if (added.Count == 0)
        {
            return own;
        }

        CapabilitiesSpec sets = own ?? new CapabilitiesSpec();
        return sets with
        {
            Bounding = [.. sets.Bounding.Union(added)],
            Effective = [.. sets.Effective.Union(added)],
            Permitted = [.. sets.Permitted.Union(added)],
        };
    }
}
