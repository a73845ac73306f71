using Tare.Conformance.Suite;

namespace Tare.Conformance.Tests;

/// <summary>Removes the checks' root file system when all of them have been made.</summary>
public sealed class RootfsKeeper : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => SharedRootfs.Remove();
}
