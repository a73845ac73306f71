using Tare.Linux;

namespace Tare.Processes;

/// <summary>Pressure on a process's cgroup, or the machine. Documentation/accounting/psi.rst.</summary>
/// <param name="Cpu">For want of a processor.</param>
/// <param name="Memory">For want of memory.</param>
/// <param name="Io">For want of disks.</param>
public sealed record ProcessPressure(PressureStall? Cpu, PressureStall? Memory, PressureStall? Io)
{
    /// <summary>Because processors handled interrupts; null where the kernel does not say.</summary>
    public PressureStall? Irq { get; init; }
}
