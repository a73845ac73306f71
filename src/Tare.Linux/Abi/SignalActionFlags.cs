namespace Tare.Linux.Abi;

/// <summary>How a signal's handler is called: SA_ flags of sigaction(2).</summary>
[Flags]
public enum SignalActionFlags : ulong
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>The handler gets a struct siginfo.</summary>
    SA_SIGINFO = 0x4,

    /// <summary><see cref="SignalAction.Restorer"/> is set; x64 needs it.</summary>
    SA_RESTORER = 0x0400_0000,

    /// <summary>The handler runs on the thread's alternative stack, if it has one.</summary>
    SA_ONSTACK = 0x0800_0000,

    /// <summary>Interrupted calls go on by themselves where they can.</summary>
    SA_RESTART = 0x1000_0000,
}
