using System.Runtime.InteropServices;
using System.Text;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>A new network namespace gets its loopback interface up. netdevice(7).</summary>
internal static class NetworkSteps
{
    /// <summary>What the steps are for.</summary>
    public const string Words = "bring the loopback interface up";

    private const int RequestSize = 40;
    private const int NameSize = 16;
    private const short Up = 0x1;

    /// <summary>Writes the steps.</summary>
    public static void Write(PlanState state, ValidatedSpec spec)
    {
        if (!spec.Namespaces.Makes(CloneFlags.CLONE_NEWNET))
        {
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        plan.Group("network");
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
