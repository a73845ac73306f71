namespace Tare.Runtime.Validation;

/// <summary>What a document is checked against besides itself.</summary>
/// <param name="Bundle">The bundle's absolute path: relative paths of the document count from it.</param>
public sealed record ValidationContext(string Bundle)
{
    /// <summary>The container is started without privileges over the machine: a user namespace must give them.</summary>
    public bool Rootless { get; init; }

    /// <summary>The root is not a directory that the document names: <c>root</c> may be missing, and is not looked at.</summary>
    public bool RootGiven { get; init; }

    /// <summary>systemd makes the cgroup: <c>linux.cgroupsPath</c> is slice, prefix and name, and looked at by whoever asks it.</summary>
    public bool SystemdCgroup { get; init; }

    /// <summary>There is somewhere to send the terminal's other side to.</summary>
    public bool ConsoleSocket { get; init; }

    /// <summary>The runtime does not stay with the container.</summary>
    public bool Detached { get; init; }

    /// <summary>The container is only created: a program need not be named yet.</summary>
    public bool WaitsForStart { get; init; }
}
