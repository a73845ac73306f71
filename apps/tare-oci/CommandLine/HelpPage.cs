using System.Text;

namespace Tare.OciCli.CommandLine;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpPage
{
    private const int Column = 28;

    /// <summary>The page of one command.</summary>
    public static string Of(Command command)
    {
        StringBuilder page = new();
        page.Append("tare-oci ").Append(command.Name).Append(" - ").Append(command.Summary).Append("\n\n");
        page.Append("usage: tare-oci ").Append(command.Name).Append(" [OPTIONS]");
        page.Append(command.Usage.Length == 0 ? "" : " ").Append(command.Usage).Append('\n');
        if (command.Description.Length > 0)
        {
            page.Append('\n').Append(command.Description).Append('\n');
        }

        AppendOptions(page, command);
        return page.ToString();
    }

    /// <summary>The page of the program: global options and all commands.</summary>
    public static string OfProgram()
    {
        Command program = CommandTable.Program();
        StringBuilder page = new();
        page.Append("tare-oci - ").Append(program.Summary).Append("\n\n");
        page.Append("usage: tare-oci [OPTIONS] ").Append(program.Usage).Append("\n\ncommands:\n");
        foreach (string name in CommandTable.Names)
        {
            AppendLine(page, name, CommandTable.Find(name)!.Summary);
        }

        AppendOptions(page, program);
        page.Append("\n'tare-oci COMMAND --help' tells more about a command.\n");
        return page.ToString();
    }

    private static void AppendOptions(StringBuilder page, Command command)
    {
        page.Append("\noptions:\n");
        foreach (Option option in command.Options)
        {
            if (option.Hidden)
            {
                continue;
            }

            string name = option.Alias == '\0' ? $"--{option.Name}" : $"--{option.Name}, -{option.Alias}";
            AppendLine(page, option.Value.Length == 0 ? name : $"{name} {option.Value}", option.Help);
        }
    }

    private static void AppendLine(StringBuilder page, string left, string right)
    {
        page.Append("  ").Append(left);
        page.Append(' ', Math.Max(2, Column - left.Length)).Append(right).Append('\n');
    }
}
