using Tare.Oci;
using Tare.OciCli.CommandLine;
using Tare.Runtime.Containers;
using Tare.Runtime.State;

namespace Tare.OciCli.Verbs;

/// <summary><c>mounts add</c>, <c>mounts remove</c>: mounts of a container that runs, as crun has them.</summary>
internal static class MountsCommand
{
    public static int Run(Arguments arguments, Settings settings)
    {
        (string action, string id, string file) = (arguments.Words[0], arguments.Words[1], arguments.Words[2]);
        if (action is not ("add" or "remove"))
        {
            throw new UsageException($"unknown command \"mounts {action}\" (use add or remove)");
        }

        IReadOnlyList<MountSpec> mounts = MountsDocument.Read(
            ConfigurationFile.Read(file, file, "name a file with an array of mounts"),
            file
        );
        using Container container = Container.OpenMade(new StateStore(settings.Root), ContainerId.Parse(id));
        if (action == "add")
        {
            RunningMounts.Add(container, mounts);
        }
        else
        {
            RunningMounts.Remove(container, mounts);
        }

        return 0;
    }
}
