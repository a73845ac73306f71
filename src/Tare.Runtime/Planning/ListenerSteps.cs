using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>
/// Hands the listener of a filter over to the launcher, in one message with one descriptor: the launcher then has it before
/// the process can come to a call that waits for an answer. unix(7), cmsg(3).
/// </summary>
internal static class ListenerSteps
{
    private const string Words = "hand the seccomp filter's listener over";
    private const int DescriptorSize = 4;
    private const int HeadSize = 56; // struct msghdr
    private const int CountedHeadSize = 64; // struct mmsghdr: how many bytes were sent behind it

    /// <summary>Sends it.</summary>
    /// <param name="state">The plan.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="call">sendmsg(2) or sendmmsg(2), whichever the filter lets through.</param>
    public static void HandOver(PlanState state, Slot listener, Syscall call)
    {
        LaunchPlanBuilder plan = state.Plan;
        Slot socket = plan.NewInput("the socket for the filter's listener");
        state.Inputs = state.Inputs with { ListenerSocket = socket };
        Scratch payload = plan.NewScratch("the listener's message", [(byte)'s']);
        IoVec vector = new() { Length = 1 };
        Scratch vectors = plan.NewScratch(
            "the listener's message's vector",
            MemoryMarshal.AsBytes(new ReadOnlySpan<IoVec>(in vector))
        );
        const int HeaderSize = MessageLayout.ControlHeaderSize;
        ControlMessageHeader header = new()
        {
            Length = (nuint)(HeaderSize + DescriptorSize),
            Level = SocketLevel.SOL_SOCKET,
            Type = AncillaryType.SCM_RIGHTS,
        };
        Span<byte> controlBytes = stackalloc byte[HeaderSize + 8];
        controlBytes.Clear();
        MemoryMarshal.Write(controlBytes, in header);
        Scratch control = plan.NewScratch("the listener's message's descriptor", controlBytes);
        Span<byte> head = stackalloc byte[CountedHeadSize];
        head.Clear();
        MsgHdr message = new() { VectorCount = 1, ControlLength = (nuint)controlBytes.Length };
        MemoryMarshal.Write(head, in message);
        Scratch heads = plan.NewScratch("the message with the listener", head);
        plan.Add(new AddressStep(Words, payload, vectors, 0));
        plan.Add(new AddressStep(Words, vectors, heads, MessageLayout.Vectors));
        plan.Add(new AddressStep(Words, control, heads, MessageLayout.Control));
        plan.Add(new StoreStep(Words, listener, control, HeaderSize, DescriptorSize));
        Argument flags = Argument.Flags(MessageFlags.MSG_NOSIGNAL);
        if (call == Syscall.sendmmsg)
        {
            plan.Call(Words, call, socket, heads, 1, flags);
        }
        else
        {
            plan.Call(Words, call, socket, heads, flags);
        }
    }
}
