using Tare.Callers.Tests.Machine;

namespace Tare.Callers.Tests.Conmon;

/// <summary>A machine with conmon.</summary>
public sealed class ConmonMachine : IDisposable
{
    private readonly Lazy<PrivateMachine> _machine = new(() => PrivateMachine.Make(_ => { }, "conmon"));

    /// <summary>The machine.</summary>
    public PrivateMachine Machine => _machine.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_machine.IsValueCreated)
        {
            Machine.Dispose();
        }
    }
}
