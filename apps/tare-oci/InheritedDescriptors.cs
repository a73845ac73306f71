using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.OciCli.CommandLine;

namespace Tare.OciCli;

/// <summary>The descriptors that the program was started with. sd_listen_fds(3).</summary>
internal static class InheritedDescriptors
{
    private const int First = 3;

    /// <summary>
    /// Opens /dev/null in place of standard streams that are closed, so that nothing that is opened later is taken for one.
    /// </summary>
    public static void FillStandardStreams()
    {
        for (int number = 0; number < First; number++)
        {
            if (!DescriptorTable.IsOpen(number))
            {
                // The lowest free number is taken, which is this one; it stays open, for containers too.
                FileFd nothing = Files.OpenAt(null, "/dev/null", OpenFlags.O_RDWR).OrThrow("open", "/dev/null");
                DescriptorTable.SetCloseOnExec(nothing, false).OrThrow("keep open", "/dev/null");
                nothing.SetHandleAsInvalid();
            }
        }
    }

    /// <summary>How many descriptors from 3 on the service manager has handed over; it says to whom.</summary>
    public static int CountListening()
    {
        string? process = Environment.GetEnvironmentVariable("LISTEN_PID");
        string? count = Environment.GetEnvironmentVariable("LISTEN_FDS");
        return Parse(process) == Environment.ProcessId ? Math.Max(0, Parse(count)) : 0;
    }

    /// <summary>Makes sure of descriptors that the program is to keep: one that is opened here must not be taken for them.</summary>
    /// <exception cref="UsageException">One is not open.</exception>
    public static void CheckOpen(int count)
    {
        for (int number = First; number < First + count; number++)
        {
            if (!DescriptorTable.IsInherited(number))
            {
                throw new UsageException(
                    $"--preserve-fds: descriptor {number} is not open: EBADF (hand over descriptors from 3 on)"
                );
            }
        }
    }

    private static int Parse(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
}
