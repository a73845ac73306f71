using Tare.Launch;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>A mount that becomes read-only once everything has been put into it.</summary>
/// <param name="Path">Where.</param>
/// <param name="Mount">A descriptor of its root.</param>
/// <param name="WithAllBelow">So does everything that is mounted below it.</param>
internal sealed record DeferredReadOnly(ContainerPath Path, Slot Mount, bool WithAllBelow);
