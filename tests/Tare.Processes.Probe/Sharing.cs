using System.Buffers.Binary;
using Tare.Linux;

namespace Tare.Processes.Probe;

/// <summary>The other side of shared memory, which is descriptor 3.</summary>
internal static class Sharing
{
    public static int Count(int rounds)
    {
        using SharedMemory memory = Open();
        SharedMutex mutex = new(memory, 0);
        for (int i = 0; i < rounds; i++)
        {
            mutex.Enter();
            int count = BinaryPrimitives.ReadInt32LittleEndian(memory.Span[64..]);
            BinaryPrimitives.WriteInt32LittleEndian(memory.Span[64..], count + 1);
            mutex.Exit();
        }

        return 0;
    }

    public static int Hold()
    {
        using SharedMemory memory = Open();
        new SharedMutex(memory, 0).Enter();
        Console.WriteLine("held");
        new SharedEvent(memory, 1024).Wait();
        return 3;
    }

    public static int Answer(int rounds)
    {
        using SharedMemory memory = Open();
        SharedSemaphore there = new(memory, 128);
        SharedSemaphore back = new(memory, 192);
        for (int i = 0; i < rounds; i++)
        {
            there.Wait();
            back.Release();
        }

        new SharedEvent(memory, 256).Wait();
        return 0;
    }

    private static SharedMemory Open() => SharedMemory.Open(DescriptorTable.Adopt(3).OrThrow("take over memory"));
}
