using Tare.Launch;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>A mount that the plan has made so far.</summary>
/// <param name="Path">Where.</param>
/// <param name="Contents">What can be expected inside.</param>
/// <param name="Directory">The descriptor of its root, where one is held.</param>
internal sealed record PlacedMount(ContainerPath Path, MountContents Contents, Slot? Directory);

/// <summary>Who fills a mount.</summary>
internal enum MountContents
{
    /// <summary>Somebody who may mean harm: names in it can be symlinks.</summary>
    Foreign,

    /// <summary>The plan alone: it began empty and nobody else has it yet.</summary>
    Fresh,

    /// <summary>The kernel: nothing can be created in it.</summary>
    Kernel,
}
