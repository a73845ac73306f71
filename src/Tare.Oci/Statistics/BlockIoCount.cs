namespace Tare.Oci;

/// <summary>A count of one device.</summary>
/// <param name="Major">The device's major number.</param>
/// <param name="Minor">Its minor number.</param>
/// <param name="Operation">What is counted: <c>Read</c>, <c>Write</c>, <c>Sync</c>, …; empty for all.</param>
/// <param name="Value">How much.</param>
public readonly record struct BlockIoCount(ulong Major, ulong Minor, string Operation, ulong Value);
