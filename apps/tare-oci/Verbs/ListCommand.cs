using System.Globalization;
using System.Text;
using Tare.Oci;
using Tare.OciCli.CommandLine;
using Tare.Runtime;
using Tare.Runtime.Containers;
using Tare.Runtime.State;

namespace Tare.OciCli.Verbs;

/// <summary><c>list</c>: all containers, as a table, as JSON or by their ids alone.</summary>
internal static class ListCommand
{
    private static readonly string[] Heading = ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"];

    public static int Run(Arguments arguments, Settings settings)
    {
        string format = arguments.Text("format") ?? "table";
        if (format is not ("table" or "json"))
        {
            throw new UsageException($"invalid format option \"{format}\" (use table or json)");
        }

        List<StateDocument> states = ReadAll(new StateStore(settings.Root));
        Output.Write(
            arguments.Has("quiet") ? Encoding.UTF8.GetBytes(string.Concat(states.Select(state => state.Id + "\n")))
            : format == "json" ? StateDocument.WriteList(states)
            : Encoding.UTF8.GetBytes(Table(states))
        );
        return 0;
    }

    // A container that goes away meanwhile is none to be listed.
    private static List<StateDocument> ReadAll(StateStore store)
    {
        List<StateDocument> states = [];
        foreach (ContainerId id in store.List())
        {
            try
            {
                using Container container = Container.Open(store, id);
                states.Add(container.ReadState());
            }
            catch (ContainerException e)
            {
                if (!e.Message.StartsWith("container does not exist", StringComparison.Ordinal))
                {
                    Output.WriteError($"tare-oci: list '{id}': {e.Message}\n");
                }
            }
        }

        return states;
    }

    private static string Table(List<StateDocument> states)
    {
        List<string[]> rows = [Heading];
        foreach (StateDocument state in states)
        {
            rows.Add([
                state.Id,
                state.Pid.ToString(CultureInfo.InvariantCulture),
                SpecNames.Of(state.Status),
                OneLine(state.Bundle),
                state.Created is { } created ? Rfc3339.Write(created) : "",
                state.Owner ?? "",
            ]);
        }

        StringBuilder table = new();
        int[] widths = [.. Enumerable.Range(0, Heading.Length).Select(i => rows.Max(row => row[i].Length) + 2)];
        foreach (string[] row in rows)
        {
            StringBuilder line = new();
            for (int i = 0; i < row.Length; i++)
            {
                line.Append(row[i].PadRight(widths[i]));
            }

            table.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return table.ToString();
    }

    private static string OneLine(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));
}
