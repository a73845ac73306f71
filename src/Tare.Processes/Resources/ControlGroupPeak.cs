using System.Globalization;
using System.Text;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// The most memory, or swap, that the processes of a cgroup had at a time since this was made or <see cref="Reset"/>, whoever else
/// measures. <see cref="ControlGroup.MeasurePeak"/>. cgroup-v2.rst, memory.peak.
/// </summary>
public sealed class ControlGroupPeak : IDisposable
{
    internal const string Hint = "needs the memory controller of cgroup v2, and Linux 6.12";

    private readonly FileFd file;
    private readonly string path;

    internal ControlGroupPeak(FileFd file, string path)
    {
        this.file = file;
        this.path = path;
        try
        {
            Reset();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The most until now, in bytes.</summary>
    /// <exception cref="KernelException">ENODEV: the group is gone.</exception>
    public long Bytes
    {
        get
        {
            byte[] text = new byte[32];
            int length = Files.ReadAt(file, text, 0).OrThrow("read", path);
            return long.Parse(
                Encoding.ASCII.GetString(text, 0, length),
                NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture
            );
        }
    }

    /// <summary>Begins anew with what they have now.</summary>
    /// <exception cref="KernelException">ENODEV: the group is gone.</exception>
    public void Reset() => Files.Write(file, "0"u8).OrThrow("reset", path, Hint);

    /// <inheritdoc />
    public void Dispose() => file.Dispose();
}
