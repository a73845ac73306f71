using Tare.Vm.Tests.Claims;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>A machine with the newest kernel that Debian has, and cgroup v2: what would change there is seen early.</summary>
public sealed class SidGuest() : Guest("sid", "sid", more: LibraryFiles.Add);

[CollectionDefinition]
public sealed class Sid : ICollectionFixture<SidGuest>;

[Collection<Sid>]
public sealed class LimitsOnSid(SidGuest guest) : LimitClaims(guest);

[Collection<Sid>]
public sealed class LifeCycleOnSid(SidGuest guest) : LifeCycleClaims(guest);

[Collection<Sid>]
public sealed class OrdinaryUserOnSid(SidGuest guest) : OrdinaryUserClaims(guest);

[Collection<Sid>]
public sealed class LibraryOnSid(SidGuest guest) : LibraryClaims(guest);

[Collection<Sid>]
public sealed class LibraryFeaturesOnSid(SidGuest guest) : LibraryFeatureClaims(guest);

[Collection<Sid>]
public sealed class LibrarySandboxesOnSid(SidGuest guest) : LibrarySandboxClaims(guest);

[Collection<Sid>]
public sealed class NewestOnSid(SidGuest guest) : NewestClaims(guest);
