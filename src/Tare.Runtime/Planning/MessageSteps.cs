using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>Steps that send descriptors over a socket. unix(7), cmsg(3).</summary>
internal static class MessageSteps
{
    private const int DescriptorSize = 4;
    private const int CountedHeadSize = 64; // struct mmsghdr: struct msghdr, and behind it how many bytes were sent

    /// <summary>Sends one message.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="words">What it is for.</param>
    /// <param name="socket">A connected UNIX socket.</param>
    /// <param name="text">What goes with the descriptors; on a stream at least one byte.</param>
    /// <param name="descriptors">The descriptors.</param>
    /// <param name="call">sendmsg(2), or sendmmsg(2), which does the same.</param>
    public static void Send(
        LaunchPlanBuilder plan,
        string words,
        Slot socket,
        ReadOnlySpan<byte> text,
        ReadOnlySpan<Slot> descriptors,
        Syscall call = Syscall.sendmsg
    )
    {
        bool isCounted = call == Syscall.sendmmsg;
        const int HeaderSize = MessageLayout.ControlHeaderSize;
        Scratch payload = plan.NewScratch("the message's text", text);
        IoVec vector = new() { Length = (nuint)text.Length };
        Scratch vectors = plan.NewScratch(
            "the message's vector",
            MemoryMarshal.AsBytes(new ReadOnlySpan<IoVec>(in vector))
        );
        int length = HeaderSize + (descriptors.Length * DescriptorSize);
        ControlMessageHeader header = new()
        {
            Length = (nuint)length,
            Level = SocketLevel.SOL_SOCKET,
            Type = AncillaryType.SCM_RIGHTS,
        };
        byte[] controlBytes = new byte[(length + 7) & ~7];
        MemoryMarshal.Write(controlBytes, in header);
        Scratch control = plan.NewScratch("the message's descriptors", controlBytes);
        MsgHdr message = new() { VectorCount = 1, ControlLength = (nuint)controlBytes.Length };
        ReadOnlySpan<byte> messageBytes = MemoryMarshal.AsBytes(new ReadOnlySpan<MsgHdr>(in message));
        byte[] headBytes = new byte[isCounted ? CountedHeadSize : messageBytes.Length];
        messageBytes.CopyTo(headBytes);
        Scratch head = plan.NewScratch("the message", headBytes);
        plan.Add(new AddressStep(words, payload, vectors, 0));
        plan.Add(new AddressStep(words, vectors, head, MessageLayout.Vectors));
        plan.Add(new AddressStep(words, control, head, MessageLayout.Control));
        for (int i = 0; i < descriptors.Length; i++)
        {
            plan.Add(new StoreStep(words, descriptors[i], control, HeaderSize + (i * DescriptorSize), DescriptorSize));
        }

        Argument flags = Argument.Flags(MessageFlags.MSG_NOSIGNAL);
        if (isCounted)
        {
            plan.Call(words, call, socket, head, 1, flags);
        }
        else
        {
            plan.Call(words, call, socket, head, flags);
        }
    }
}
