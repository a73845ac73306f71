using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// Runs programs that are not trusted. One knob says how strong the walls are (<see cref="SandboxOptions.Level"/>); the result
/// says what the kernel read back. Works as root and as an ordinary user.
/// </summary>
public static class Sandbox
{
    /// <summary>Runs a program to its end. Cancelling kills all of it.</summary>
    /// <param name="fileName">A path in the sandbox, or a name to search for in its PATH.</param>
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="options">What it may do and use; null is the defaults.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="ArgumentException">The options ask for what cannot be; nothing has happened.</exception>
    /// <exception cref="ProcessStartException">The program could not be started; nothing is left.</exception>
    /// <exception cref="KernelException">Something of the sandbox cannot be had here; nothing is left.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left.</exception>
    public static async Task<SandboxResult> RunAsync(
        string fileName,
        IEnumerable<string> arguments,
        SandboxOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        SandboxedProcess process = Start(fileName, arguments, options);
        await using ConfiguredAsyncDisposable ending = process.ConfigureAwait(false);
        return await process.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a program, whose output can be read as it comes, or is captured by <see cref="SandboxedProcess.RunAsync"/>.</summary>
    /// <exception cref="ArgumentException">The options ask for what cannot be; nothing has happened.</exception>
    /// <exception cref="ProcessStartException">The program could not be started; nothing is left.</exception>
    /// <exception cref="KernelException">Something of the sandbox cannot be had here; nothing is left.</exception>
    public static SandboxedProcess Start(string fileName, IEnumerable<string> arguments, SandboxOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        options ??= new SandboxOptions();
        ImmutableArray<string> given = [.. arguments];
        StartChecks.Check(new ProcessStartOptions(fileName, given));
        SandboxChecks.Check(options);
        try
        {
            return StartAt(fileName, given, options, []);
        }
        catch (Exception refused)
            when (options is { AllowWeaker: true, Level: SandboxLevel.Container } && IsNamespaces(refused))
        {
            return StartAt(
                fileName,
                given,
                options with
                {
                    Level = SandboxLevel.Process,
                },
                [$"namespaces: {refused.Message}"]
            );
        }
    }

    private static SandboxedProcess StartAt(
        string fileName,
        ImmutableArray<string> arguments,
        SandboxOptions options,
        ImmutableArray<string> missing
    )
    {
        SandboxSetup setup = SandboxSetup.Make(fileName, arguments, options);
        try
        {
            return new SandboxedProcess(setup, options, missing);
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    private static bool IsNamespaces(Exception refused) =>
        refused is ProcessStartException { Setting: nameof(ProcessStartOptions.Namespaces) };
}
