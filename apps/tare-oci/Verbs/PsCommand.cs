using System.Globalization;
using System.Text;
using Tare.OciCli.CommandLine;
using Tare.Runtime;
using Tare.Runtime.Containers;

namespace Tare.OciCli.Verbs;

/// <summary><c>ps</c>: the processes of a container, as JSON or as ps(1) shows them.</summary>
internal static class PsCommand
{
    public static int Run(Arguments arguments, Settings settings)
    {
        string format = arguments.Text("format") ?? "table";
        if (format is not ("table" or "json"))
        {
            throw new UsageException($"invalid format option \"{format}\" (use table or json)");
        }

        using Container container = ContainerCommands.Open(arguments, settings);
        HashSet<int> processes = [.. container.ListProcesses()];
        if (format == "json")
        {
            string list = string.Join(',', processes.Order().Select(id => id.ToString(CultureInfo.InvariantCulture)));
            Output.Write($"[{list}]\n");
            return 0;
        }

        string[] options = [.. arguments.Words.Skip(1)];
        Output.Write(Filter(ProcessListing.Read(options.Length == 0 ? ["-ef"] : options), processes));
        return 0;
    }

    /// <summary>The heading, and the lines of the processes in question.</summary>
    internal static string Filter(string listing, HashSet<int> processes)
    {
        string[] lines = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int column = lines.Length == 0 ? -1 : Array.IndexOf(Fields(lines[0]), "PID");
        if (column < 0)
        {
            throw new ContainerException("find the column 'PID' in what ps(1) printed (choose options that show it)");
        }

        StringBuilder chosen = new(lines[0] + "\n");
        foreach (string line in lines.Skip(1))
        {
            string[] fields = Fields(line);
            if (
                column < fields.Length
                && int.TryParse(fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && processes.Contains(id)
            )
            {
                chosen.Append(line).Append('\n');
            }
        }

        return chosen.ToString();
    }

    private static string[] Fields(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
