using Tare.Runtime.Cgroups;

namespace Tare.Runtime.Statistics;

/// <summary>The files of a container's group in one hierarchy.</summary>
internal readonly struct GroupFiles(ContainerCgroup.Group group)
{
    /// <summary>A file's text; null if it is not there or cannot be read.</summary>
    public string? Text(string file) => group.Read(file);

    /// <summary>The number that a file has; 0 if it is not there.</summary>
    public ulong Number(string file) => KernelText.Number(Text(file)) ?? 0;
}
