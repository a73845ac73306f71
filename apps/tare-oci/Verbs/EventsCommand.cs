using Tare.Oci;
using Tare.OciCli.CommandLine;
using Tare.Runtime.Containers;
using Tare.Runtime.Watching;

namespace Tare.OciCli.Verbs;

/// <summary><c>events</c>: what a container uses and what happens to it, a line of JSON each, until it ends.</summary>
internal static class EventsCommand
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);

    public static int Run(Arguments arguments, Settings settings, Log log)
    {
        TimeSpan interval = IntervalOf(arguments);
        using Container container = ContainerCommands.Open(arguments, settings);
        using ContainerWatch watch = ContainerWatch.Open(container);
        string id = container.Record.Id.Text;
        if (arguments.Has("stats"))
        {
            Output.Write(EventDocument.WriteStatistics(id, watch.ReadStatistics()));
            return 0;
        }

        if (!watch.Listen())
        {
            log.Warn("there is no cgroup controller 'memory' here: nothing will be told of memory that is used up");
        }

        Follow(watch, id, interval, TimeProvider.System);
        return 0;
    }

    private static void Follow(ContainerWatch watch, string id, TimeSpan interval, TimeProvider time)
    {
        long last = time.GetTimestamp();
        while (true)
        {
            TimeSpan left = interval - time.GetElapsedTime(last);
            switch (watch.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero))
            {
                case ContainerEvent.Ended:
                    return;
                case ContainerEvent.OutOfMemory:
                    Output.Write(EventDocument.WriteOutOfMemory(id));
                    break;
                case ContainerEvent.TimePassed when time.GetElapsedTime(last) >= interval:
                    last = time.GetTimestamp();
                    Output.Write(EventDocument.WriteStatistics(id, watch.ReadStatistics()));
                    break;
                default:
                    break;
            }
        }
    }

    private static TimeSpan IntervalOf(Arguments arguments)
    {
        if (arguments.Text("interval") is not { } text)
        {
            return Usual;
        }

        if (!Durations.TryParse(text, out TimeSpan interval))
        {
            throw new UsageException($"invalid value \"{text}\" for --interval (use a time like 5s, 100ms or 1m30s)");
        }

        return interval > TimeSpan.Zero ? interval : throw new UsageException("--interval must be greater than 0");
    }
}
