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
    // As wide as runc's.
    private const int Narrowest = 12;
    private const int Gap = 3;
    private static readonly string[] Heading = ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"];

    public static int Run(Arguments arguments, Settings settings, Log log)
    {
        string format = arguments.Text("format") ?? "table";
        if (format is not ("table" or "json"))
        {
            throw new UsageException($"invalid format option \"{format}\" (use table or json)");
        }

        List<StateDocument> states = ReadAll(new StateStore(settings.Root), log);
        Output.Write(
            arguments.Has("quiet") ? Encoding.UTF8.GetBytes(string.Concat(states.Select(state => state.Id + "\n")))
            : format == "json" ? StateDocument.WriteList(states)
            : Encoding.UTF8.GetBytes(Table(states))
        );
        return 0;
    }

    // A container that goes away meanwhile is none to be listed.
    private static List<StateDocument> ReadAll(StateStore store, Log log)
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
                if (!e.IsMissing)
                {
                    log.Error($"list '{id}': {e.Message}");
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
                Texts.OneLine(state.Bundle),
                state.Created is { } created ? Rfc3339.Write(created) : "",
                state.Owner ?? "",
            ]);
        }

        StringBuilder table = new();
        int[] widths =
        [
            .. Enumerable
                .Range(0, Heading.Length)
                .Select(i => Math.Max(Narrowest, rows.Max(row => row[i].Length) + Gap)),
        ];
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                table.Append(i == row.Length - 1 ? row[i] : row[i].PadRight(widths[i]));
            }

            table.Append('\n');
        }

        return table.ToString();
    }
}
