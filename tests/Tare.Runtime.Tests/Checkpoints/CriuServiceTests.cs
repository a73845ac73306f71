using Tare.Fixtures;
using Tare.Oci;
using Tare.Runtime.Checkpoints;
using Tare.Runtime.Containers;
using Tare.Runtime.Planning;
using Tare.Runtime.Resctrl;
using Tare.Runtime.State;
using Tare.Runtime.Tests.Resctrl;

namespace Tare.Runtime.Tests;

public sealed class CriuServiceTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    /// <summary>What it makes then is in the class of service, too: the container's processes.</summary>
    [Fact]
    public void One_that_restores_enters_the_class_of_service_and_the_monitoring_group()
    {
        Criu.Require();
        FakeResctrl tree = new(_folder.At("resctrl"));
        IntelRdtSpec rdt = new() { EnableMonitoring = true };
        using Rollback rollback = new();
        using ContainerResctrl resctrl = ContainerResctrl.Survey(tree, rdt, ContainerId.Parse("web"));
        resctrl.Make(rdt, rollback);

        using CriuService criu = CriuService.Start(
            [],
            (environment, kept) =>
                CriuPlanner.ForRestore(
                    environment,
                    kept,
                    CgroupEntry.None,
                    _folder.Path,
                    [.. resctrl.Place.Names],
                    "_ses.web"
                ),
            new LaunchHandles { Resctrl = resctrl }
        );

        Assert.Equal("0", File.ReadAllText(tree.PathOf("web/tasks")));
        Assert.Equal("0", File.ReadAllText(tree.PathOf("web/mon_groups/web/tasks")));
    }

    public void Dispose() => _folder.Dispose();
}
