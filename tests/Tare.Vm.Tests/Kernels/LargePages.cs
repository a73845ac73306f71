using Tare.Vm.Tests.Claims;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>
/// An arm64 machine with Linux 6.12 whose pages have 16 KiB, and cgroup v2: some claims of each kind, for emulation takes its time.
/// </summary>
public sealed class LargePagesGuest()
    : Guest("arm64-16k", "trixie-16k", more: LibraryFiles.Add, hardware: Hardware.Arm64);

[CollectionDefinition]
public sealed class LargePages : ICollectionFixture<LargePagesGuest>;

[Collection<LargePages>]
public sealed class LimitsOnLargePages(LargePagesGuest guest) : LimitClaims(guest);

[Collection<LargePages>]
public sealed class LifeCycleOnLargePages(LargePagesGuest guest) : LifeCycleClaims(guest);

[Collection<LargePages>]
public sealed class OrdinaryUserOnLargePages(LargePagesGuest guest) : OrdinaryUserClaims(guest);

[Collection<LargePages>]
public sealed class SandboxesOnLargePages(LargePagesGuest guest) : SandboxClaims(guest);

[Collection<LargePages>]
public sealed class LibraryOnLargePages(LargePagesGuest guest) : LibraryClaims(guest);

[Collection<LargePages>]
public sealed class LibrarySandboxesOnLargePages(LargePagesGuest guest) : LibrarySandboxClaims(guest);
