using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Consoles;

namespace Tare.OciCli.Verbs;

/// <summary>The terminal of a program in the foreground, carried to and from what this program was started on.</summary>
internal sealed class ForegroundTerminal : IDisposable
{
    private readonly ConsoleChannel channel = ConsoleChannel.Open();
    private readonly OuterTerminal? outside = OuterTerminal.TryOpen(Output.Input, Output.Standard);
    private TerminalRelay? relay;

    /// <summary>What the launch sends the terminal over.</summary>
    public SocketFd Socket => channel.Inside;

    /// <summary>The size of the terminal outside, which the one inside gets from its beginning.</summary>
    public ConsoleSizeSpec? Size =>
        outside?.Size is { Ok: true, Value: { Rows: > 0, Columns: > 0 } size }
            ? new ConsoleSizeSpec(size.Rows, size.Columns)
            : null;

    /// <summary>The settings of the terminal outside, which the one inside begins with; null where there is none.</summary>
    public TermiosLinux? Settings => outside?.Settings;

    /// <summary>Begins to carry, once the program has its terminal.</summary>
    public TerminalRelay Begin() =>
        relay ??= new TerminalRelay(channel.Receive(), outside, Output.Input, Output.Standard);

    /// <inheritdoc />
    public void Dispose()
    {
        relay?.Dispose();
        outside?.Dispose();
        channel.Dispose();
    }
}
