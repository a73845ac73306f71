using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Keys of System V's objects.</summary>
internal static class SystemVKeys
{
    /// <summary>What is made has not been there.</summary>
    public const SystemVFlags New = SystemVFlags.IPC_CREAT | SystemVFlags.IPC_EXCL;

    /// <summary>The kernel's key of a new object.</summary>
    /// <exception cref="ArgumentException">It finds nothing.</exception>
    public static int OfNew(int? key) => key is { } given ? Checked(given) : SystemV.NoKey;

    /// <summary>A key that finds something.</summary>
    /// <exception cref="ArgumentException">It finds nothing.</exception>
    public static int Checked(int key) =>
        key == SystemV.NoKey ? throw new ArgumentException("0 is no key: nothing is found by it", nameof(key)) : key;

    /// <summary>A key for people, as ipcs(1) has it.</summary>
    public static string? Name(int? key) => key is { } given ? $"key 0x{given:x8}" : null;
}
