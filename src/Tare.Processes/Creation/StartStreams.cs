using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The pipes and the terminal of one start: the child's ends until it has been started, and this process's.</summary>
internal sealed class StartStreams : IDisposable
{
    private readonly List<FileDescriptor> childs = [];

    /// <summary>What the child gets as descriptors 0, 1 and 2; null stays as it is.</summary>
    public FileDescriptor?[] Child { get; } = new FileDescriptor?[3];

    /// <summary>This process's ends of pipes; null where there is none.</summary>
    public PipeFd?[] Own { get; } = new PipeFd?[3];

    /// <summary>This process's side of the terminal.</summary>
    public PtyFd? Master { get; private set; }

    /// <summary>What a guard waits at; null where there is none.</summary>
    public PipeFd? GuardOrder { get; private set; }

    /// <summary>What is closed to have the guard kill.</summary>
    public PipeFd? Guarding { get; private set; }

    /// <summary>Opens what the options ask for.</summary>
    /// <exception cref="ProcessStartException">There is no descriptor or terminal left.</exception>
    public static StartStreams Open(ProcessStartOptions options)
    {
        StartStreams streams = new();
        try
        {
            if (options.Guarded)
            {
                PipePair pipe = Pipes.Create().OrThrow("make a pipe");
                streams.GuardOrder = streams.Keep(pipe.ReadEnd);
                streams.Guarding = pipe.WriteEnd;
            }

            if (options.Terminal is { } size)
            {
                streams.OpenTerminal(size);
            }
            else
            {
                streams.Open(0, options.StandardInput);
                streams.Open(1, options.StandardOutput);
                streams.Open(2, options.StandardError);
                streams.GiveTo(options.Credentials);
            }

            return streams;
        }
        catch (KernelException failure)
        {
            streams.Dispose();
            throw new ProcessStartException(
                options.Terminal is null
                    ? nameof(ProcessStartOptions.StandardInput)
                    : nameof(ProcessStartOptions.Terminal),
                failure.Errno,
                null,
                $"start '{options.FileName}': {failure.Message}",
                failure
            );
        }
    }

    /// <summary>Gives this process's end away.</summary>
    public PipeFd? TakeOwn(int number)
    {
        PipeFd? taken = Own[number];
        Own[number] = null;
        return taken;
    }

    /// <summary>Gives away what is closed to have the guard kill.</summary>
    public PipeFd? TakeGuarding()
    {
        PipeFd? taken = Guarding;
        Guarding = null;
        return taken;
    }

    /// <summary>Gives this process's side of the terminal away.</summary>
    public PtyFd? TakeMaster()
    {
        PtyFd? taken = Master;
        Master = null;
        return taken;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        childs.ForEach(file => file.Dispose());
        childs.Clear();
        Master?.Dispose();
        Guarding?.Dispose();
        foreach (PipeFd? pipe in Own)
        {
            pipe?.Dispose();
        }
    }

    private void Open(int number, ChildStream stream)
    {
        switch (stream.What)
        {
            case ChildStream.Kind.Null:
                Child[number] = Keep(
                    Files.OpenAt(null, "/dev/null", OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC).OrThrow("open", "/dev/null")
                );
                break;
            case ChildStream.Kind.Pipe:
                PipePair pipe = Pipes.Create().OrThrow("make a pipe");
                Child[number] = Keep(number == 0 ? pipe.ReadEnd : pipe.WriteEnd);
                Own[number] = number == 0 ? pipe.WriteEnd : pipe.ReadEnd;
                break;
            case ChildStream.Kind.Descriptor:
                Child[number] = stream.Descriptor;
                break;
        }
    }

    // So that it can open /dev/stdout and the like. Who may not give them away starts nobody else either.
    private void GiveTo(ProcessCredentials? user)
    {
        foreach (FileDescriptor file in user is null ? [] : childs)
        {
            if (file is PipeFd)
            {
                Files.FChown(file, user!.UserId, user.GroupId);
            }
        }
    }

    private void OpenTerminal(TerminalSize size)
    {
        Master = Ptys.OpenMaster().OrThrow("make a terminal");
        PtyFd slave = Keep(Ptys.OpenSlave(Master).OrThrow("open the terminal"));
        Terminals
            .SetSize(Master, new WinSize { Rows = size.Rows, Columns = size.Columns })
            .OrThrow("set the terminal's size");
        Array.Fill(Child, slave);
    }

    private T Keep<T>(T file)
        where T : FileDescriptor
    {
        childs.Add(file);
        return file;
    }
}
