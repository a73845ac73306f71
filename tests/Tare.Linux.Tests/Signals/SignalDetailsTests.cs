using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class SignalDetailsTests
{
    [Theory]
    [InlineData(Signal.SIGUSR1, SignalOrigin.SI_USER, 77, 88u, 0)]
    [InlineData(Signal.SIGUSR1, SignalOrigin.SI_TKILL, 77, 88u, 0)]
    [InlineData(Signal.SIGUSR1, SignalOrigin.SI_QUEUE, 77, 88u, 99)]
    [InlineData(Signal.SIGUSR1, SignalOrigin.SI_MESGQ, 77, 88u, 99)]
    [InlineData(Signal.SIGCHLD, (SignalOrigin)1, 77, 88u, 99)]
    [InlineData(Signal.SIGALRM, SignalOrigin.SI_TIMER, 0, 0u, 99)]
    [InlineData(Signal.SIGIO, (SignalOrigin)1, 0, 0u, 99)]
    [InlineData(Signal.SIGINT, SignalOrigin.SI_KERNEL, 0, 0u, 0)]
    public void Only_the_fields_that_a_signal_has_are_read(
        Signal signal,
        SignalOrigin origin,
        int processId,
        uint userId,
        int value
    )
    {
        byte[] info = new byte[128];
        BinaryPrimitives.WriteInt32LittleEndian(info, (int)signal);
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(8), (int)origin);
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(16), 77);
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(20), 88);
        BinaryPrimitives.WriteInt32LittleEndian(info.AsSpan(24), 99);

        Assert.Equal(new(signal, origin, processId, userId, value), SignalDetails.From(info));
    }
}
