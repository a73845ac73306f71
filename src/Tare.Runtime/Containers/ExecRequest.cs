using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Containers;

/// <summary>A program that is to be added to a container.</summary>
public sealed record ExecRequest
{
    /// <summary>The program and how it is run.</summary>
    public required ProcessSpec Process { get; init; }

    /// <summary>A connected socket that the terminal's other side is sent to; null where there is no terminal. Not owned.</summary>
    public SocketFd? ConsoleSocket { get; init; }

    /// <summary>The settings that its terminal begins with; null are the kernel's.</summary>
    public TermiosLinux? TerminalSettings { get; init; }

    /// <summary>How many descriptors from 3 on the program gets.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>Variables that the program gets where it has none of that name.</summary>
    public ImmutableArray<string> DefaultEnvironment { get; init; } = [];

    /// <summary>
    /// Cgroups below the container's that the program enters, by controller; of all controllers for the empty name.
    /// </summary>
    public IReadOnlyDictionary<string, string> Cgroups { get; init; } = new Dictionary<string, string>();

    /// <summary>A paused container takes the program too; it stands still until the container goes on.</summary>
    public bool IgnoresPaused { get; init; }

    /// <summary>For tests: see <see cref="Launch.LaunchOptions.KillLauncherBefore"/>.</summary>
    public int KillLauncherBefore { get; init; } = -1;

    /// <summary>For tests: see <see cref="Launch.LaunchOptions.FailAt"/>.</summary>
    public int FailAt { get; init; } = -1;
}
