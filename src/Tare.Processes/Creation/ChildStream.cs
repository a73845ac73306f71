using Tare.Linux;

namespace Tare.Processes;

/// <summary>What one of a child's standard streams is.</summary>
public sealed class ChildStream
{
    private ChildStream(Kind what, FileDescriptor? descriptor = null)
    {
        What = what;
        Descriptor = descriptor;
    }

    internal enum Kind
    {
        Inherit,
        Null,
        Pipe,
        Descriptor,
        StandardOutput,
    }

    /// <summary>This process's own.</summary>
    public static ChildStream Inherit { get; } = new(Kind.Inherit);

    /// <summary>/dev/null: nothing to read, and what is written is gone.</summary>
    public static ChildStream Null { get; } = new(Kind.Null);

    /// <summary>A pipe, whose other end <see cref="ChildProcess"/> has as a stream.</summary>
    public static ChildStream Pipe { get; } = new(Kind.Pipe);

    /// <summary>What standard output is; for standard error only.</summary>
    public static ChildStream StandardOutput { get; } = new(Kind.StandardOutput);

    internal Kind What { get; }

    internal FileDescriptor? Descriptor { get; }

    /// <summary>An open file, pipe or socket, which stays the caller's and must be open until the process was started.</summary>
    public static ChildStream From(FileDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return new(Kind.Descriptor, descriptor);
    }
}
