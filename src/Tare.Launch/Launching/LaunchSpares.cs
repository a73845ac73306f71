using System.Runtime.InteropServices;

namespace Tare.Launch;

/// <summary>
/// Memory in which one plan has been assembled, kept from a launch that is over for the next, which then neither maps nor
/// assembles nor makes executable. Given to launches by <see cref="LaunchOptions.Spares"/>; thread-safe. What is kept is
/// unmapped when this is disposed, or collected.
/// </summary>
public sealed class LaunchSpares : SafeHandle
{
    // As many launches of one plan at a time find memory; what further ones map they unmap.
    private const int Most = 8;

    private readonly Lock gate = new();
    private readonly Stack<LaunchMemory> kept = new();

    /// <summary>Keeps nothing yet.</summary>
    public LaunchSpares()
        : base(0, ownsHandle: true) => SetHandle(1);

    /// <inheritdoc />
    public override bool IsInvalid => false;

    /// <summary>Memory of this plan and these options, as if it had just been made; null where there is none.</summary>
    internal LaunchMemory? Take(LaunchPlan plan, LaunchOptions options)
    {
        LaunchMemory? memory;
        lock (gate)
        {
            if (!kept.TryPeek(out memory) || !memory.IsOf(plan, options))
            {
                return null;
            }

            kept.Pop();
        }

        memory.Renew();
        return memory;
    }

    /// <summary>Takes memory that nobody runs in any more; false where there is enough.</summary>
    internal bool Keep(LaunchMemory memory)
    {
        lock (gate)
        {
            if (kept.Count == Most || IsClosed)
            {
                return false;
            }

            kept.Push(memory);
            return true;
        }
    }

    // No process runs in what is kept, and no launch holds it.
    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        while (kept.TryPop(out LaunchMemory? memory))
        {
            memory.Dispose();
        }

        return true;
    }
}
