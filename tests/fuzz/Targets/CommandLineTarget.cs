using System.Globalization;
using System.Text;
using Tare.Fuzz.Fuzzing;
using Tare.Linux;
using Tare.Oci;
using Tare.OciCli;
using Tare.OciCli.CommandLine;
using Tare.OciCli.Verbs;
using Tare.Runtime;
using Tare.Runtime.State;

namespace Tare.Fuzz.Targets;

/// <summary>
/// The words of a command line, a NUL behind each, are understood or refused by one line. No word is lost or made up, and no
/// name, user or size is taken for another than it says.
/// </summary>
internal static class CommandLineTarget
{
    public static void Try(byte[] utf8)
    {
        string[] line = Encoding.UTF8.GetString(utf8).Split('\0');
        try
        {
            Arguments global = Parser.Parse(CommandTable.Program(), line, out int next);
            if (next == line.Length)
            {
                return;
            }

            _ = Settings.From(global);
            Command command =
                CommandTable.Find(line[next]) ?? throw new UsageException(Texts.UnknownCommand(line[next]));
            string[] rest = line[(next + 1)..];
            Arguments arguments = Promise.Within(
                (utf8.Length * 64L) + (64 << 10),
                () => Parser.Parse(command, rest, out _)
            );
            Parser.CheckWords(arguments);
            AreTheirs(arguments, rest);
            Understand(command, arguments);
        }
        catch (Exception e) when (e is UsageException or ContainerException)
        {
            Promise.IsOneLine(Texts.OneLine(e.Message));
        }
    }

    /// <summary>Words stand in the line in their order, and values are in it.</summary>
    private static void AreTheirs(Arguments arguments, string[] line)
    {
        int at = 0;
        foreach (string word in arguments.Words)
        {
            at = Array.IndexOf(line, word, at) + 1;
            Assert.True(at > 0, $"'{word}' is no word of the line, or not in its order");
        }

        foreach (Option option in arguments.Command.Options.Where(option => option.Kind != OptionKind.Flag))
        {
            foreach (string value in arguments.Texts(option.Name))
            {
                Assert.Contains(line, word => word == value || word.EndsWith("=" + value, StringComparison.Ordinal));
            }
        }
    }

    private static void Understand(Command command, Arguments arguments)
    {
        if (arguments.Words.Count > 0)
        {
            string id = ContainerId.Parse(arguments.Words[0]).Text;
            Assert.Equal(arguments.Words[0], id);
            Assert.Equal("/state/" + id, Path.GetFullPath(Path.Combine("/state", id)));
        }

        switch (command.Name)
        {
            case "kill" when arguments.Words.Count > 1 && SignalNames.TryParse(arguments.Words[1], out var signal):
                Assert.InRange((int)signal, 0, 64);
                break;
            case "exec":
                IsThatUser(arguments);
                break;
            case "update":
                _ = UpdateCommand.FromOptions(arguments);
                IsThatSize(arguments.Text("memory"));
                break;
        }
    }

    // crun's CVE-2026-30892: a user that is taken for root.
    private static void IsThatUser(Arguments arguments)
    {
        UserSpec user = ExecProcess.UserOf(arguments, new UserSpec { Uid = 77, Gid = 88 });
        string[] said = (arguments.Text("user") ?? "77:88").Split(':');
        Assert.Equal(ulong.Parse(said[0], NumberStyles.None, CultureInfo.InvariantCulture), user.Uid);
        Assert.Equal(
            said.Length > 1 ? ulong.Parse(said[1], NumberStyles.None, CultureInfo.InvariantCulture) : 88,
            user.Gid
        );
        Assert.Equal(arguments.Texts("additional-gids").Count, user.AdditionalGids.Count);
    }

    private static void IsThatSize(string? text)
    {
        if (!string.IsNullOrEmpty(text) && Sizes.TryParse(text, out long bytes))
        {
            Assert.True(bytes >= -1);
            Assert.Equal(text == "-1", bytes == -1);
        }
    }
}
