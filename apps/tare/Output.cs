using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli;

/// <summary>The program's standard streams, without the start-up cost of a console.</summary>
internal static class Output
{
    /// <summary>Standard input.</summary>
    public static FileFd Input { get; } = new(0);

    /// <summary>Standard output.</summary>
    public static FileFd Standard { get; } = new(1);

    /// <summary>Standard error.</summary>
    public static FileFd Errors { get; } = new(2);

    /// <summary>
    /// Streams that the caller has closed become the null device for this process, so that nothing else gets their numbers.
    /// The program finds them closed, as they were.
    /// </summary>
    public static void Begin()
    {
        for (int number = 0; number <= 2; number++)
        {
            if (!DescriptorTable.IsOpen(number))
            {
                // The lowest number that is free is this one.
                Closed.Add(Files.OpenAt(null, "/dev/null", OpenFlags.O_RDWR).Value);
            }
        }
    }

    private static List<FileFd?> Closed { get; } = [];

    /// <summary>Writes to standard output.</summary>
    /// <exception cref="KernelException">It is closed, or the disk is full: whoever asked for the text must know.</exception>
    public static void Write(string text) =>
        Files.WriteAll(Standard, Encoding.UTF8.GetBytes(text)).OrThrow("write to standard output");

    /// <summary>Writes to standard error; there is nobody to tell if that fails.</summary>
    public static void WriteError(string text) => Files.WriteAll(Errors, Encoding.UTF8.GetBytes(text));
}
