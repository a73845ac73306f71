using Tare.Linux;

namespace Tare.Processes;

/// <summary>A process's memory, in bytes. Zeros for a kernel's thread. proc_pid_status(5).</summary>
/// <param name="Virtual">Addresses.</param>
/// <param name="Resident">In memory (RSS): the sum of the following three.</param>
/// <param name="ResidentAnonymous">Of that, memory backed by no file.</param>
/// <param name="ResidentFile">Of that, files.</param>
/// <param name="ResidentShared">Of that, shared memory.</param>
/// <param name="PeakResident">The most that was in memory at a time.</param>
/// <param name="Swapped">Swapped out; without shared memory.</param>
/// <param name="Locked">Locked into memory.</param>
/// <param name="PageTables">What the kernel needs to keep account of it.</param>
/// <param name="Proportional">PSS, shared and private memory; null where not asked for, or there is no right to know.</param>
public sealed record ProcessMemoryUsage(
    long Virtual,
    long Resident,
    long ResidentAnonymous,
    long ResidentFile,
    long ResidentShared,
    long PeakResident,
    long Swapped,
    long Locked,
    long PageTables,
    MappingUsage? Proportional
);
