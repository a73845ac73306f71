using Tare.Linux;

namespace Tare.Launch;

/// <summary>
/// Keeps this process's dumpable flag. A child that changes its credentials while it shares this process's memory takes
/// the flag away (ptrace, core dumps, who owns /proc/PID); it is given back when the launch ends. Launches that must not be
/// open to ptrace take it away on purpose for as long as any of them lasts. prctl(2), PR_SET_DUMPABLE.
/// </summary>
internal sealed class DumpableGuard : IDisposable
{
    private static readonly Lock Gate = new();
    private static int active;
    private static int hidden;
    private static int original;
    private readonly bool hides;
    private bool disposed;

    private DumpableGuard(bool hides) => this.hides = hides;

    /// <summary>A launch begins.</summary>
    /// <param name="hides">Its memory must not be open to ptrace.</param>
    /// <param name="later">Its child sees to that itself.</param>
    public static DumpableGuard Enter(bool hides, bool later = false)
    {
        lock (Gate)
        {
            if (active++ == 0)
            {
                original = Prctl.GetDumpable();
            }

            if (hides || later)
            {
                hidden++;
            }

            if (hides)
            {
                Prctl.SetDumpable(0);
            }

            return new DumpableGuard(hides || later);
        }
    }

    /// <summary>Sets the flag before the launch ends, unless one that is pending must not be open to ptrace.</summary>
    /// <param name="onlyBack">Nor where it was not set before the first launch.</param>
    public void Open(bool onlyBack)
    {
        lock (Gate)
        {
            if (!disposed && hidden == 0 && (!onlyBack || original == 1))
            {
                Prctl.SetDumpable(1);
            }
        }
    }

    /// <summary>The launch has ended.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            active--;
            hidden -= hides ? 1 : 0;

            // 2, which only the kernel may set, is what a changed credential left before the first launch: 0 is as closed.
            if (hidden == 0 && Prctl.GetDumpable() != original)
            {
                Prctl.SetDumpable(original == 1 ? 1 : 0);
            }
        }
    }
}
