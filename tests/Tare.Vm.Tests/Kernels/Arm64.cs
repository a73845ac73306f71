using Tare.Fixtures;
using Tare.Vm.Tests.Claims;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>An arm64 machine with Linux 6.1 and cgroup v2.</summary>
public sealed class Arm64Guest() : Guest("arm64", "bookworm", more: Add, hardware: Hardware.Arm64)
{
    private static void Add(CpioArchive files, Kernel kernel)
    {
        LibraryFiles.Add(files, kernel);
        files.Program("bin/make32", Arm32Tests.Program());
    }
}

[CollectionDefinition]
public sealed class Arm64 : ICollectionFixture<Arm64Guest>;

[Collection<Arm64>]
public sealed class LimitsOnArm64(Arm64Guest guest) : LimitClaims(guest);

[Collection<Arm64>]
public sealed class DevicesOnArm64(Arm64Guest guest) : DeviceClaims(guest);

[Collection<Arm64>]
public sealed class LifeCycleOnArm64(Arm64Guest guest) : LifeCycleClaims(guest);

[Collection<Arm64>]
public sealed class ViewOnArm64(Arm64Guest guest) : ViewClaims(guest);

[Collection<Arm64>]
public sealed class PrivilegesOnArm64(Arm64Guest guest) : PrivilegeClaims(guest);

[Collection<Arm64>]
public sealed class OrdinaryUserOnArm64(Arm64Guest guest) : OrdinaryUserClaims(guest);

[Collection<Arm64>]
public sealed class KilledRuntimeOnArm64(Arm64Guest guest) : KilledRuntimeClaims(guest);

[Collection<Arm64>]
public sealed class SandboxesOnArm64(Arm64Guest guest) : SandboxClaims(guest);

[Collection<Arm64>]
public sealed class EventsOnArm64(Arm64Guest guest) : EventClaims(guest);

[Collection<Arm64>]
public sealed class OwnershipOnArm64(Arm64Guest guest) : OwnershipClaims(guest);

[Collection<Arm64>]
public sealed class ProfilesOnArm64(Arm64Guest guest) : ProfileClaims(guest);

[Collection<Arm64>]
public sealed class ObservedOnArm64(Arm64Guest guest) : ObservedClaims(guest);

[Collection<Arm64>]
public sealed class LibraryOnArm64(Arm64Guest guest) : LibraryClaims(guest);

[Collection<Arm64>]
public sealed class LibraryFeaturesOnArm64(Arm64Guest guest) : LibraryFeatureClaims(guest);

[Collection<Arm64>]
public sealed class LibrarySandboxesOnArm64(Arm64Guest guest) : LibrarySandboxClaims(guest);
