using Tare.Linux;
using Tare.Linux.Abi;
using Tare.OciCli.CommandLine;
using Tare.Runtime.Containers;
using Tare.Runtime.Observation;
using Tare.Runtime.State;

namespace Tare.OciCli.Verbs;

/// <summary>The commands that do one thing to a container that exists.</summary>
internal static class ContainerCommands
{
    public static int Start(Arguments arguments, Settings settings)
    {
        using Container container = Open(arguments, settings);
        container.Start(CreationArguments.NotifySocket);
        return 0;
    }

    public static int State(Arguments arguments, Settings settings)
    {
        using Container container = Container.Open(
            new StateStore(settings.Root),
            ContainerId.Parse(arguments.Words[0])
        );
        Output.Write(
            arguments.Has("observed")
                ? ObservationWriter.Write(ObservedContainer.Of(container))
                : container.ReadState().Write()
        );
        return 0;
    }

    public static int Kill(Arguments arguments, Settings settings)
    {
        Signal signal = SignalOf(arguments.Words.Count > 1 ? arguments.Words[1] : "TERM");
        StateStore store = new(settings.Root);
        foreach (ContainerId id in ChosenContainers.Of(arguments, store))
        {
            using Container container = Container.OpenMade(store, id);
            if (arguments.Has("all"))
            {
                container.KillAll(signal);
            }
            else
            {
                container.Kill(signal);
            }
        }

        return 0;
    }

    public static int Delete(Arguments arguments, Settings settings, Log log)
    {
        StateStore store = new(settings.Root);
        foreach (ContainerId id in ChosenContainers.Of(arguments, store))
        {
            log.Report(ContainerDeletion.Delete(store, id, arguments.Has("force")));
        }

        return 0;
    }

    public static int Pause(Arguments arguments, Settings settings)
    {
        using Container container = Open(arguments, settings);
        container.Pause();
        return 0;
    }

    public static int Resume(Arguments arguments, Settings settings)
    {
        using Container container = Open(arguments, settings);
        container.Resume();
        return 0;
    }

    // 0 sends nothing and tells whether there is a process to send to. kill(2).
    private static Signal SignalOf(string name) =>
        name == "0" ? 0
        : SignalNames.TryParse(name, out Signal signal) ? signal
        : throw new UsageException($"unknown signal \"{name}\" (use a number, or a name with or without SIG)");

    internal static Container Open(Arguments arguments, Settings settings) =>
        Container.OpenMade(new StateStore(settings.Root), ContainerId.Parse(arguments.Words[0]));
}
