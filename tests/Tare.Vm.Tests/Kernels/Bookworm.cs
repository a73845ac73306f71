using Tare.Vm.Tests.Claims;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>A machine with Linux 6.1 and cgroup v2.</summary>
public sealed class BookwormGuest() : Guest("bookworm", "bookworm", more: LibraryFiles.Add);

[CollectionDefinition]
public sealed class Bookworm : ICollectionFixture<BookwormGuest>;

[Collection<Bookworm>]
public sealed class LimitsOnBookworm(BookwormGuest guest) : LimitClaims(guest);

[Collection<Bookworm>]
public sealed class DevicesOnBookworm(BookwormGuest guest) : DeviceClaims(guest);

[Collection<Bookworm>]
public sealed class LifeCycleOnBookworm(BookwormGuest guest) : LifeCycleClaims(guest);

[Collection<Bookworm>]
public sealed class ViewOnBookworm(BookwormGuest guest) : ViewClaims(guest);

[Collection<Bookworm>]
public sealed class PrivilegesOnBookworm(BookwormGuest guest) : PrivilegeClaims(guest);

[Collection<Bookworm>]
public sealed class OrdinaryUserOnBookworm(BookwormGuest guest) : OrdinaryUserClaims(guest);

[Collection<Bookworm>]
public sealed class KilledRuntimeOnBookworm(BookwormGuest guest) : KilledRuntimeClaims(guest);

[Collection<Bookworm>]
public sealed class SandboxesOnBookworm(BookwormGuest guest) : SandboxClaims(guest);

[Collection<Bookworm>]
public sealed class EventsOnBookworm(BookwormGuest guest) : EventClaims(guest);

[Collection<Bookworm>]
public sealed class OwnershipOnBookworm(BookwormGuest guest) : OwnershipClaims(guest);

[Collection<Bookworm>]
public sealed class ProfilesOnBookworm(BookwormGuest guest) : ProfileClaims(guest);

[Collection<Bookworm>]
public sealed class ObservedOnBookworm(BookwormGuest guest) : ObservedClaims(guest);

[Collection<Bookworm>]
public sealed class LibraryOnBookworm(BookwormGuest guest) : LibraryClaims(guest);

[Collection<Bookworm>]
public sealed class LibraryFeaturesOnBookworm(BookwormGuest guest) : LibraryFeatureClaims(guest);

[Collection<Bookworm>]
public sealed class LibrarySandboxesOnBookworm(BookwormGuest guest) : LibrarySandboxClaims(guest);
