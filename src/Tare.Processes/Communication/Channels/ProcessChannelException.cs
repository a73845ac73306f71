namespace Tare.Processes;

/// <summary>A request over a channel to a process failed.</summary>
public sealed class ProcessChannelException : IOException
{
    internal ProcessChannelException(string message, Exception? cause = null)
        : base(message, cause) { }

    /// <summary>The other side refused the request, and this is what it said; the channel goes on.</summary>
    public string? RemoteError { get; internal init; }

    /// <summary>How the process ended, where that is why.</summary>
    public ProcessExit? ExitStatus { get; internal init; }

    // Each who waits gets one of his own: an exception that is thrown twice mixes up its stacks.
    internal ProcessChannelException Again() => new(Message, InnerException) { ExitStatus = ExitStatus };
}
