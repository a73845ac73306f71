using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Waiting;

namespace Tare.Processes;

/// <summary>What tasks stand still for.</summary>
public enum PressureResource
{
    /// <summary>Processors.</summary>
    Cpu,

    /// <summary>Memory.</summary>
    Memory,

    /// <summary>Disks.</summary>
    Io,

    /// <summary>
    /// Processors that handle interrupts; only of all that wanted to run. Linux 6.1, with CONFIG_IRQ_TIME_ACCOUNTING.
    /// </summary>
    Irq,
}

/// <summary>Pressure on the machine and on cgroups, and being told of it. Documentation/accounting/psi.rst.</summary>
public static class Pressure
{
    private const string Hint = "needs CONFIG_PSI and, on some kernels, the boot option psi=1";

    /// <summary>The shortest and the longest window that the kernel takes.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Pressure now.</summary>
    /// <param name="resource">On what.</param>
    /// <param name="cgroup">A cgroup's directory in version 2; null is the whole machine.</param>
    /// <exception cref="KernelException">ENOENT or EOPNOTSUPP: the kernel does not count it.</exception>
    public static PressureStall Read(PressureResource resource, string? cgroup = null)
    {
        string path = PathOf(resource, cgroup);
        return PressureStall.Read(null, path).OrThrow("read", path, Hint);
    }

    /// <summary>
    /// Tells whenever tasks stood still for long enough within a window, at most once a window, until the cgroup is gone.
    /// With it comes what the kernel shows then: averages and a sum that are up to two seconds old. The trigger is set when this
    /// returns.
    /// </summary>
    /// <param name="resource">For want of what.</param>
    /// <param name="stall">How long, within a window.</param>
    /// <param name="window">The window, 0.5 to 10 s. Without CAP_SYS_RESOURCE a multiple of 2 s.</param>
    /// <param name="full">All that wanted to run stood still, not only one.</param>
    /// <param name="cgroup">A cgroup's directory in version 2; null is the whole machine.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentException">
    /// The window is too short or too long, the stall is not within it, or interrupts are not asked for as full.
    /// </exception>
    /// <exception cref="KernelException">EINVAL or EPERM: the window must be a multiple of 2 s for this user. EOPNOTSUPP: no PSI.</exception>
    public static IAsyncEnumerable<PressureStall> WatchAsync(
        PressureResource resource,
        TimeSpan stall,
        TimeSpan window,
        bool full = false,
        string? cgroup = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, Shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, Longest);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(stall, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stall, window);
        if (resource == PressureResource.Irq && !full)
        {
            throw new ArgumentException("pressure of interrupts is counted as full only", nameof(full));
        }

        string path = PathOf(resource, cgroup);
        FileFd trigger = Files.OpenAt(null, path, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK).OrThrow("open", path, Hint);
        string wish = string.Create(
            CultureInfo.InvariantCulture,
            $"{(full ? "full" : "some")} {(long)stall.TotalMicroseconds} {(long)window.TotalMicroseconds}\0"
        );
        SysResult<int> set = Files.Write(trigger, Encoding.ASCII.GetBytes(wish));
        if (!set.Ok)
        {
            trigger.Dispose();
            set.OrThrow(
                "set a trigger on",
                path,
                set.Errno is Errno.EINVAL or Errno.EPERM
                    ? "without CAP_SYS_RESOURCE the window must be a multiple of 2 s, and before Linux 6.5 there is no such trigger"
                    : null
            );
        }

        return WatchAsync(trigger, path, cancellationToken);
    }

    private static async IAsyncEnumerable<PressureStall> WatchAsync(
        FileFd opened,
        string path,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using FileFd trigger = opened;
        using WatchedDescriptor watched = Reactor.Shared.Watch(trigger, EpollEvents.EPOLLPRI);
        byte[] text = new byte[512];
        while (true)
        {
            await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
            SysResult<int> read = Files.ReadAt(trigger, text, 0);
            if (read.Errno == Errno.ENODEV)
            {
                yield break;
            }

            yield return PressureStall.Parse(text.AsSpan(0, read.OrThrow("read", path)));
        }
    }

    private static string PathOf(PressureResource resource, string? cgroup)
    {
        string name = resource switch
        {
            PressureResource.Cpu => "cpu",
            PressureResource.Memory => "memory",
            PressureResource.Io => "io",
            PressureResource.Irq => "irq",
            _ => throw new ArgumentOutOfRangeException(
                nameof(resource),
                resource,
                "no resource that pressure is counted of"
            ),
        };
        return cgroup is null ? $"/proc/pressure/{name}" : $"{cgroup}/{name}.pressure";
    }
}
