using Tare.Vm.Tests.Claims;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>A machine with Linux 6.12, or what TARE_TEST_KERNEL names: any release of Debian and cgroup v2.</summary>
public sealed class TrixieGuest()
    : Guest("trixie", Environment.GetEnvironmentVariable("TARE_TEST_KERNEL") ?? "trixie", more: LibraryFiles.Add);

[CollectionDefinition]
public sealed class Trixie : ICollectionFixture<TrixieGuest>;

[Collection<Trixie>]
public sealed class LimitsOnTrixie(TrixieGuest guest) : LimitClaims(guest);

[Collection<Trixie>]
public sealed class DevicesOnTrixie(TrixieGuest guest) : DeviceClaims(guest);

[Collection<Trixie>]
public sealed class LifeCycleOnTrixie(TrixieGuest guest) : LifeCycleClaims(guest);

[Collection<Trixie>]
public sealed class ViewOnTrixie(TrixieGuest guest) : ViewClaims(guest);

[Collection<Trixie>]
public sealed class PrivilegesOnTrixie(TrixieGuest guest) : PrivilegeClaims(guest);

[Collection<Trixie>]
public sealed class OrdinaryUserOnTrixie(TrixieGuest guest) : OrdinaryUserClaims(guest);

[Collection<Trixie>]
public sealed class KilledRuntimeOnTrixie(TrixieGuest guest) : KilledRuntimeClaims(guest);

[Collection<Trixie>]
public sealed class SandboxesOnTrixie(TrixieGuest guest) : SandboxClaims(guest);

[Collection<Trixie>]
public sealed class EventsOnTrixie(TrixieGuest guest) : EventClaims(guest);

[Collection<Trixie>]
public sealed class OwnershipOnTrixie(TrixieGuest guest) : OwnershipClaims(guest);

[Collection<Trixie>]
public sealed class ProfilesOnTrixie(TrixieGuest guest) : ProfileClaims(guest);

[Collection<Trixie>]
public sealed class ObservedOnTrixie(TrixieGuest guest) : ObservedClaims(guest);

[Collection<Trixie>]
public sealed class LibraryOnTrixie(TrixieGuest guest) : LibraryClaims(guest);

[Collection<Trixie>]
public sealed class LibraryFeaturesOnTrixie(TrixieGuest guest) : LibraryFeatureClaims(guest);

[Collection<Trixie>]
public sealed class LibrarySandboxesOnTrixie(TrixieGuest guest) : LibrarySandboxClaims(guest);

/// <summary>What a kernel says that lacks what newer ones have: Linux 6.12.</summary>
[Collection<Trixie>]
public sealed class RefusalsOnTrixie(TrixieGuest guest)
{
    [Fact]
    public void What_the_kernel_lacks_is_refused_clearly()
    {
        Assert.SkipUnless(
            guest.Run("uname -r").Output.StartsWith("6.12.", StringComparison.Ordinal),
            "TARE_TEST_KERNEL names another kernel"
        );

        Assert.Equal(
            [
                "id=ENOTTY",
                "by-id=EBADF",
                "list=list namespaces: ENOSYS (listns needs Linux 6.19)",
                "unique-id=open process by its unique id '1': EOPNOTSUPP (needs Linux 6.14)",
                "code=EINVAL",
                "supported=EINVAL",
                "mount=EINVAL",
                "tree=EINVAL",
                "fresh=EINVAL",
                "empty=EINVAL",
                "regular=EINVAL",
                "delegation=EINVAL",
                "asked=EINVAL",
                "deadline=EINVAL",
                "pages=EINVAL",
                "hash=EINVAL,EINVAL",
                "mounts=EINVAL",
                "born=EINVAL",
            ],
            guest.Run("probe refusals").ShouldSucceed().Lines
        );
    }
}
