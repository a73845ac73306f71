using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What happens on a signal, as the kernel has it: struct sigaction of asm/signal.h, on x64 and arm64 alike.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SignalAction
{
    /// <summary>The default action: SIG_DFL.</summary>
    public const nint Default = 0;

    /// <summary>Nothing happens: SIG_IGN.</summary>
    public const nint Ignore = 1;

    /// <summary>The address of the function to call, <see cref="Default"/> or <see cref="Ignore"/>.</summary>
    public nint Handler;

    /// <summary>How it is called.</summary>
    public SignalActionFlags Flags;

    /// <summary>The address of what ends the handler by rt_sigreturn(2).</summary>
    public nint Restorer;

    /// <summary>What is blocked meanwhile.</summary>
    public ulong Mask;
}
