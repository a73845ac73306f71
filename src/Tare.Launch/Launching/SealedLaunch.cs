using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>
/// What a launcher has of a plan's sealed part: the file, until the child has it too, and the pipe by which the part says
/// what became of it, since it shares no memory with the launcher.
/// </summary>
internal sealed class SealedLaunch : IDisposable
{
    /// <summary>A step's index and an errno, or a process's number negated.</summary>
    private const int ReportSize = 16;

    private readonly FileDescriptor image;
    private readonly PipePair pipe;
    private readonly FileDescriptor? writer;

    private SealedLaunch(FileDescriptor image, PipePair pipe, FileDescriptor? writer)
    {
        this.image = image;
        this.pipe = pipe;
        this.writer = writer;
    }

    /// <summary>The number of the process that the part made to execute the program; 0 if there is none.</summary>
    public int SpawnedProcess { get; private set; }

    /// <summary>The index of the step that failed, if <see cref="Errno"/> says that one did.</summary>
    public int FailedStep { get; private set; }

    /// <summary>The errno of the step that failed.</summary>
    public Errno Errno { get; private set; }

    /// <summary>Makes the file and the pipe and fills their slots; null where the plan has no sealed part.</summary>
    /// <exception cref="KernelException">There is no descriptor, or the kernel forbids to execute memory.</exception>
    public static SealedLaunch? Prepare(
        LaunchPlan plan,
        LaunchMemory memory,
        LaunchOptions options,
        PidFd? launcher,
        PipeFd? killer
    )
    {
        if (plan.Sealed is not { } part)
        {
            return null;
        }

        PipePair made = default;
        FileDescriptor? writeEnd = null;
        try
        {
            if (part.Pipe is { } report)
            {
                made = Pipes.Create().OrThrow("make a pipe for the launch");
                writeEnd = Raise(plan, made.WriteEnd);
                memory.Fill(report, writeEnd.Number);
            }

            MemoryFd file = SealedImage.Make(
                plan,
                slot => ReferenceEquals(slot, part.Pipe) && part.MovedPipe is { } moved ? moved : memory[slot],
                options,
                launcher?.Number ?? -1,
                killer?.Number ?? -1
            );
            FileDescriptor raised = Raise(plan, file);
            memory.Fill(part.Image, raised.Number);
            return new SealedLaunch(raised, made, writeEnd);
        }
        catch
        {
            writeEnd?.Dispose();
            made.Dispose();
            throw;
        }
    }

    /// <summary>The child has descriptors of its own now.</summary>
    public void HandOver()
    {
        image.Dispose();
        writer?.Dispose();
    }

    /// <summary>Waits until the part has made its process or has failed, or another descriptor can be read.</summary>
    public void WaitForSpawn(FileDescriptor interruption)
    {
        if (pipe.ReadEnd is null)
        {
            return;
        }

        Span<PollDescriptor> descriptors =
        [
            new() { Descriptor = pipe.ReadEnd.Number, Events = PollEvents.POLLIN },
            new() { Descriptor = interruption.Number, Events = PollEvents.POLLIN },
        ];
        while (SpawnedProcess == 0 && Errno == Errno.None)
        {
            bool said = Poll.Wait(descriptors).Ok && descriptors[0].Returned != PollEvents.None && ReadReport();
            if (!said)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Waits until the program is executed or the part has failed. Where the plan reports to others, nothing is known here
    /// and nothing is waited for.
    /// </summary>
    public void WaitForEnd()
    {
        if (pipe.ReadEnd is null)
        {
            return;
        }

        while (ReadReport()) { }
    }

    // Above the numbers that the plan gives to others, which it would be overwritten by.
    private static FileDescriptor Raise(LaunchPlan plan, FileDescriptor file)
    {
        if (file.Number >= plan.OwnDescriptorsFrom)
        {
            return file;
        }

        using (file)
        {
            return DescriptorTable
                .Duplicate(file, plan.OwnDescriptorsFrom)
                .OrThrow("duplicate a descriptor of the launch");
        }
    }

    // False at the end: nobody is left who could say something.
    private bool ReadReport()
    {
        Span<byte> report = stackalloc byte[ReportSize];
        if (Files.Read(pipe.ReadEnd, report) is not { Ok: true, Value: ReportSize })
        {
            return false;
        }

        int step = (int)BinaryPrimitives.ReadInt64LittleEndian(report);
        int value = (int)BinaryPrimitives.ReadInt64LittleEndian(report[8..]);
        if (value > 0)
        {
            FailedStep = step;
            Errno = (Errno)value;
        }
        else if (SpawnedProcess == 0)
        {
            SpawnedProcess = -value;
        }

        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        image.Dispose();
        writer?.Dispose();
        pipe.Dispose();
    }
}
