using Tare.Vm.Tests.Claims;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>An arm64 machine with Linux 6.1 and cgroup v2.</summary>
public sealed class Arm64Guest() : Guest("arm64", "bookworm", more: LibraryFiles.Add, hardware: Hardware.Arm64);

[CollectionDefinition]
public sealed class Arm64 : ICollectionFixture<Arm64Guest>;

[Collection<Arm64>]
public sealed class LifeCycleOnArm64(Arm64Guest guest) : LifeCycleClaims(guest);
