using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>A process could not be started. Nothing of it is left.</summary>
public sealed class ProcessStartException : Exception
{
    internal ProcessStartException(string setting, Errno errno, ExitStatus? ended, string message, Exception? inner)
        : base(message, inner)
    {
        Setting = setting;
        Errno = errno;
        Ended = ended;
    }

    /// <summary>
    /// Which property of <see cref="ProcessStartOptions"/> could not be had, by its name; <c>FileName</c> where the program
    /// could not be executed.
    /// </summary>
    public string Setting { get; }

    /// <summary>What the kernel said; <see cref="Errno.None"/> where the process was killed meanwhile.</summary>
    public Errno Errno { get; }

    /// <summary>How the process ended, where that is the whole reason.</summary>
    public ExitStatus? Ended { get; }
}
