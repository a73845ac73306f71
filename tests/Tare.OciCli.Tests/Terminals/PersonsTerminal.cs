using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;
using Terminal = Tare.Linux.Terminals;

namespace Tare.OciCli.Tests;

/// <summary>A terminal as a person has one, with the runtime on it as the leader of its session.</summary>
internal sealed class PersonsTerminal : IDisposable
{
    private readonly PtyFd _master;
    private readonly PtyFd _slave;

    public PersonsTerminal(ushort rows = 24, ushort columns = 80)
    {
        _master = Ptys.OpenMaster().OrThrow("make a terminal");
        _slave = Ptys.OpenSlave(_master).OrThrow("open the terminal");
        Screen = new TerminalSide(DescriptorTable.Duplicate(_master).OrThrow("duplicate"));
        Resize(rows, columns);
    }

    /// <summary>What is shown and typed.</summary>
    public TerminalSide Screen { get; }

    /// <summary>The program on it.</summary>
    public RunningTool? Program { get; private set; }

    /// <summary>Its settings, as stty(1) shows them.</summary>
    public string Settings => Tool.Run("stty", "-a", "-F", Name).ShouldSucceed().Output;

    /// <summary>Changes its settings, in the words of stty(1).</summary>
    public PersonsTerminal Set(params string[] words)
    {
        Tool.Run("stty", ["-F", Name, .. words]).ShouldSucceed();
        return this;
    }

    private string Name => $"/dev/pts/{Ptys.GetNumber(_master).OrThrow("number")}";

    /// <summary>Starts a program on it.</summary>
    public PersonsTerminal Start(params string[] command)
    {
        Program = Tool.Start(
            "sh",
            [
                "-c",
                "terminal=$1; shift; exec setsid --ctty --wait \"$@\" <>\"$terminal\" >&0 2>&0",
                "sh",
                Name,
                .. command,
            ]
        );
        return this;
    }

    /// <summary>Gives it another size.</summary>
    public void Resize(ushort rows, ushort columns) =>
        Terminal.SetSize(_master, new WinSize { Rows = rows, Columns = columns }).OrThrow("resize");

    /// <summary>Takes it away, as when a window is closed.</summary>
    public void HangUp()
    {
        _slave.Dispose();
        Screen.Dispose();
        _master.Dispose();
    }

    /// <summary>Waits for the program's end; gives its exit status and all that was shown.</summary>
    public (int Status, string Shown) WaitForEnd()
    {
        // The program may not have opened it yet.
        Task<string> reading = Task.Run(Screen.ReadToEnd);
        int status = Program!.WaitForExit();
        _slave.Dispose();
        return (status, reading.Result.Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Program?.Dispose();
        Screen.Dispose();
        _slave.Dispose();
        _master.Dispose();
    }
}
