using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Systemd;

/// <summary>A machine whose first process is systemd, with a D-Bus daemon and logind, and cgroup v2 alone.</summary>
public sealed class SystemdGuest() : Guest("systemd", "bookworm", Options, systemd: true)
{
    private const string Options = "systemd.unit=tare.target systemd.getty_auto=no systemd.show_status=0";
}

[CollectionDefinition]
public sealed class SystemdMachine : ICollectionFixture<SystemdGuest>;
