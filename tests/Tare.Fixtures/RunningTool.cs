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
    private readonly TaskCompletionSource _outputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];
    private bool _disposed;

    internal RunningTool(string command, ProcessStartInfo start)
    {
        _command = command;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data, _outputEnded);
        _process.ErrorDataReceived += (_, line) => Take(_errors, line.Data, _errorsEnded);
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

    /// <summary>What the program has written on standard error so far, in whole lines.</summary>
    public string Errors
    {
        get
        {
            lock (_lock)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Waits until either output holds a text.</summary>
    /// <exception cref="TimeoutException">
    /// It did not within the deadline (a minute where null), or nobody is left who could write it: the program and all who
    /// inherited its outputs have closed them.
    /// </exception>
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

        Task closed = Task.WhenAll(_outputEnded.Task, _errorsEnded.Task);
        Task.WaitAny([seen.Task, closed], deadline ?? TimeSpan.FromMinutes(1));
        if (!seen.Task.IsCompleted)
        {
            throw new TimeoutException($"'{_command}' has not written '{text}', but:\n{_output}\n{_errors}");
        }
    }

    /// <summary>
    /// Waits for the program's end alone, and not until its outputs are closed, which processes that it left running may
    /// have inherited. Gives its exit status.
    /// </summary>
    /// <exception cref="TimeoutException">The deadline (two minutes where null) passed; the program has been killed.</exception>
    public int WaitForExit(TimeSpan? deadline = null)
    {
        if (_process.WaitForExit(deadline ?? TimeSpan.FromMinutes(2)))
        {
            return _process.ExitCode;
        }

        _process.Kill(entireProcessTree: true);
        throw new TimeoutException($"'{_command}' did not end and was killed:\n{Output}\n{Errors}");
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

        // What it wrote last may still be on its way.
        if (!Task.WaitAll([_outputEnded.Task, _errorsEnded.Task], deadline ?? TimeSpan.FromMinutes(2)))
        {
            throw new TimeoutException(
                $"'{_command}' ended, but its outputs are still open in other processes:\n{Output}\n{Errors}"
            );
        }

        return new ToolResult(_command, _process.ExitCode, _output.ToString(), _errors.ToString());
    }

    /// <summary>Sends SIGKILL to the program alone.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
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

    private void Take(StringBuilder stream, string? line, TaskCompletionSource ended)
    {
        if (line is null)
        {
            ended.TrySetResult();
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
