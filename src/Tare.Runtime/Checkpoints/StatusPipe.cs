using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Checkpoints;

/// <summary>Whom a caller of a lazy dump is told by that pages can be asked for: <c>--status-fd</c>.</summary>
internal sealed class StatusPipe : IDisposable
{
    private readonly FileFd file;

    private StatusPipe(FileFd file) => this.file = file;

    /// <summary>Takes over a descriptor that this process was started with.</summary>
    /// <exception cref="ContainerException">It is not open for writing.</exception>
    public static StatusPipe Open(int number)
    {
        // One that was opened here would be closed on exec.
        if (DescriptorTable.IsInherited(number) && DescriptorTable.Adopt(number) is { Ok: true } adopted)
        {
            SysResult<OpenFlags> flags = DescriptorTable.GetStatusFlags(adopted.Value);
            if (flags.Ok && (flags.Value & (OpenFlags.O_WRONLY | OpenFlags.O_RDWR)) != 0)
            {
                return new StatusPipe(adopted.Value);
            }

            adopted.Value.Dispose();
        }

        throw new ContainerException($"--status-fd {number}: EBADF (hand over one that is open for writing)");
    }

    /// <summary>Writes the byte. Whoever does not listen any more need not know.</summary>
    public void Tell()
    {
        Files.Write(file, [0]);
        file.Dispose();
    }

    /// <inheritdoc />
    public void Dispose() => file.Dispose();
}
