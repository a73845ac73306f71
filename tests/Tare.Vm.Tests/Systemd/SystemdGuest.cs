using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Systemd;

/// <summary>A machine whose first process is systemd, with a D-Bus daemon and logind, and cgroup v2 alone.</summary>
public sealed class SystemdGuest() : Guest("systemd", "bookworm", Options, Add, systemd: true)
{
    // Of what Debian starts only what somebody here needs: emulated, each service takes a second or more.
    private const string Options =
        "systemd.unit=tare.target systemd.getty_auto=no systemd.show_status=0 systemd.mask=ldconfig.service "
        + "systemd.mask=systemd-journal-catalog-update.service systemd.mask=systemd-update-done.service "
        + "systemd.mask=systemd-sysusers.service systemd.mask=systemd-modules-load.service";

    private static void Add(CpioArchive files, Kernel kernel)
    {
        CriuFiles.Add(files, kernel);
        LibraryFiles.AddProbe(files, kernel);
    }
}

[CollectionDefinition]
public sealed class SystemdMachine : ICollectionFixture<SystemdGuest>;
