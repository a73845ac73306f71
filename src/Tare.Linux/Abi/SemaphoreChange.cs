using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>One change to a semaphore of a set: struct sembuf. linux/sem.h, semop(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct SemaphoreChange
{
    private const short Undo = 0x1000; // SEM_UNDO

    private readonly ushort _number;
    private readonly short _by;
    private readonly short _flags;

    /// <summary>Says what is to change.</summary>
    /// <param name="number">Which of the set, from 0.</param>
    /// <param name="by">
    /// Above zero: added. Below: taken, once there is as much. Zero: waits until the semaphore is zero.
    /// </param>
    /// <param name="undoAtExit">The kernel takes it back when the process ends, however it does. SEM_UNDO.</param>
    public SemaphoreChange(int number, int by, bool undoAtExit = false)
    {
        _number = checked((ushort)number);
        _by = checked((short)by);
        _flags = undoAtExit ? Undo : (short)0;
    }

    /// <summary>Which of the set.</summary>
    public int Number => _number;

    /// <summary>What is added.</summary>
    public int By => _by;

    /// <summary>The kernel takes it back when the process ends.</summary>
    public bool UndoAtExit => (_flags & Undo) != 0;
}
