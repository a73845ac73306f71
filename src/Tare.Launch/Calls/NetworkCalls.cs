using System.Runtime.InteropServices;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>Steps for a new network namespace. netdevice(7).</summary>
public static class NetworkCalls
{
    /// <summary>What the steps are for.</summary>
    public const string Words = "bring the loopback interface up";

    private const int RequestSize = 40;
    private const int NameSize = 16;
    private const short Up = 0x1;

    /// <summary>Brings the loopback interface up.</summary>
    public static void RaiseLoopback(LaunchPlanBuilder plan)
    {
        Slot socket = plan.NewSlot("a socket to configure with");
        Span<byte> request = stackalloc byte[RequestSize];
        request.Clear();
        Encoding.UTF8.GetBytes("lo", request);
        MemoryMarshal.Write(request[NameSize..], Up);
        plan.CallInto(
            socket,
            Words,
            Syscall.socket,
            Argument.Flags(SocketFamily.AF_INET),
            Argument.Flags(SocketFlags.SOCK_DGRAM | SocketFlags.SOCK_CLOEXEC),
            0
        );
        plan.Call(Words, Syscall.ioctl, socket, Argument.Flags(IoctlRequest.SIOCSIFFLAGS), Argument.Struct(request));
    }
}
