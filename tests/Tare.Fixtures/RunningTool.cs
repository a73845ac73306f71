using System.Diagnostics;
using System.Text;

namespace Tare.Fixtures;

/// <summary>A program that runs beside the test; disposing kills it and its children.</summary>
public sealed class RunningTool : IDisposable
{
    private readonly string _command;
    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];

    internal RunningTool(string command, ProcessStartInfo start)
    {
        _command = command;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => _ended.TrySetResult();
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_errors, line.Data);
        _process.Start();
        Input = new ForgivingInput(_process.StandardInput);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program's process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The program's standard input; writing to a program that has closed it or ended is no error.</summary>
    public ForgivingInput Input { get; }

    /// <summary>What the program has written on standard output so far, in whole lines.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits until either output holds a text.</summary>
    /// <exception cref="TimeoutException">It did not within the deadline (a minute where null), or ended without.</exception>
    public void WaitForText(string text, TimeSpan? deadline = null)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (Holds(text))
            {
                return;
            }

            _waiting.Add((text, seen));
        }

        Task.WaitAny([seen.Task, _ended.Task], deadline ?? TimeSpan.FromMinutes(1));
        if (!seen.Task.IsCompleted && _ended.Task.IsCompleted)
        {
            // What it wrote last may still be on its way.
            _process.WaitForExit();
        }

        if (!seen.Task.IsCompleted)
        {
            throw new TimeoutException($"'{_command}' has not written '{text}', but:\n{_output}\n{_errors}");
        }
    }

    /// <summary>Closes standard input and waits for the end.</summary>
    /// <exception cref="TimeoutException">The deadline (two minutes where null) passed; the program has been killed.</exception>
    public ToolResult Wait(TimeSpan? deadline = null)
    {
        Input.Close();
        if (!_process.WaitForExit(deadline ?? TimeSpan.FromMinutes(2)))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{_command}' did not end and was killed:\n{_output}\n{_errors}");
        }

        // The overload without a time also waits for the rest of the outputs.
        _process.WaitForExit();
        return new ToolResult(_command, _process.ExitCode, _output.ToString(), _errors.ToString());
    }

    /// <summary>Sends SIGKILL to the program alone.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private bool Holds(string text) =>
        _output.ToString().Contains(text, StringComparison.Ordinal)
        || _errors.ToString().Contains(text, StringComparison.Ordinal);

    private void Take(StringBuilder stream, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            stream.Append(line).Append('\n');
            foreach ((string text, TaskCompletionSource seen) in _waiting)
            {
                if (Holds(text))
                {
                    seen.TrySetResult();
                }
            }
        }
    }
}
