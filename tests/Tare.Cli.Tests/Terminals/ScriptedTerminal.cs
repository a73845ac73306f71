using System.Text;
using Tare.Fixtures;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Tests.Terminals;

/// <summary>
/// A terminal with a program on it, and a script instead of a person: keys are sent, what appears is waited for. The
/// program leads the terminal's session, as a login shell does.
/// </summary>
internal sealed class ScriptedTerminal : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly PtyFd _master;
    private readonly LaunchedProcess _process;
    private readonly StringBuilder _seen = new();

    // A character may come in two pieces.
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private bool _reaped;

    /// <summary>Starts a program on a new terminal.</summary>
    public ScriptedTerminal(ushort rows, ushort columns, params string[] command)
    {
        _master = Ptys.OpenMaster().OrThrow("make a terminal");
        using PtyFd slave = Ptys.OpenSlave(_master).OrThrow("open the terminal");
        Resize(rows, columns);
        string[] variables = ["TERM=dumb", "PS1=> ", $"PATH={Environment.GetEnvironmentVariable("PATH")}", "HOME=/"];
        LaunchPlanBuilder plan = new();
        Slot terminal = plan.NewInput("the terminal");
        plan.Call("make a session", Syscall.setsid);
        plan.Call("take the terminal", Syscall.ioctl, terminal, Argument.Flags(IoctlRequest.TIOCSCTTY), 0);
        for (int i = 0; i < 3; i++)
        {
            plan.Call("take a stream", Syscall.dup3, terminal, i, 0);
        }

        string program = Tool.Find(command[0]) ?? command[0];
        plan.Call("start", Syscall.execve, program, Argument.Texts(command), Argument.Texts(variables));
        _process = Launcher.Launch(plan.Build(), new LaunchInputs().Add(terminal, slave));
    }

    /// <summary><c>tare run</c> on a new terminal of 24 by 80.</summary>
    public static ScriptedTerminal Run(params string[] words) => new(24, 80, [Programs.Tare, "run", .. words]);

    /// <summary>An interactive bash on a new terminal, at its prompt.</summary>
    public static ScriptedTerminal Bash()
    {
        ScriptedTerminal bash = new(24, 80, Require.Program("bash"), "--norc", "--noediting", "-i");
        bash.WaitFor("> ");
        return bash;
    }

    /// <summary>The program's number.</summary>
    public int ProcessId => _process.ProcessId;

    /// <summary>Everything that appeared.</summary>
    public string Seen => _seen.ToString();

    /// <summary>Presses keys.</summary>
    public void Send(string keys) => Files.WriteAll(_master, Encoding.UTF8.GetBytes(keys)).OrThrow("write");

    /// <summary>Gives the terminal another size.</summary>
    public void Resize(ushort rows, ushort columns) =>
        global::Tare
            .Linux.Terminals.SetSize(_master, new WinSize { Rows = rows, Columns = columns })
            .OrThrow("resize the terminal");

    /// <summary>Waits until a text has appeared, and forgets what came up to it.</summary>
    /// <returns>What came before it.</returns>
    public string WaitFor(string text)
    {
        while (true)
        {
            string seen = _seen.ToString();
            int at = seen.IndexOf(text, StringComparison.Ordinal);
            if (at >= 0)
            {
                _seen.Remove(0, at + text.Length);
                return seen[..at];
            }

            Assert.True(Read(), $"'{text}' has not appeared, but:\n{seen}");
        }
    }

    /// <summary>Presses keys and waits until a text has appeared.</summary>
    public string Send(string keys, string until)
    {
        Send(keys);
        return WaitFor(until);
    }

    /// <summary>Reads on until the program has ended; its exit status as a shell gives it.</summary>
    public int WaitForEnd()
    {
        while (Read()) { }

        Poll.Wait(_process.Process, PollEvents.POLLIN, Deadline).OrThrow("poll");
        SysResult<WaitOutcome?> outcome = PidFds.Wait(_process.Process, WaitOptions.WEXITED | WaitOptions.WNOHANG);
        Assert.True(outcome.Value is not null, $"it has not ended, but:\n{_seen}");
        _reaped = true;
        return outcome.Value.Value.Status.ToShellStatus();
    }

    /// <summary>Takes the terminal away, as when its window is closed.</summary>
    public void HangUp() => _master.Dispose();

    public void Dispose()
    {
        if (!_reaped)
        {
            _process.Kill();
        }

        _process.Dispose();
        _master.Dispose();
    }

    // False when nothing more comes.
    private bool Read()
    {
        if (_master.IsClosed)
        {
            return false;
        }

        SysResult<PollEvents> events = Poll.Wait(_master, PollEvents.POLLIN, Deadline);
        if (!events.Ok || events.Value == PollEvents.None)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[4096];
        SysResult<int> count = Files.Read(_master, bytes);
        if (!count.Ok || count.Value == 0)
        {
            return false;
        }

        Span<char> text = stackalloc char[bytes.Length + 1];
        _seen.Append(text[.._decoder.GetChars(bytes[..count.Value], text, flush: false)]).Replace("\r\n", "\n");
        return true;
    }
}
