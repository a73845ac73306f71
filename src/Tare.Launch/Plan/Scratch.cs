namespace Tare.Launch;

/// <summary>Memory that a step writes to or whose fields come from slots: a struct that is filled while the launch runs.</summary>
/// <param name="Index">The position in the plan's table of scratch areas.</param>
/// <param name="Name">What it holds, for people.</param>
/// <param name="Content">The bytes that it starts with; its size is their number.</param>
public sealed record Scratch(int Index, string Name, ReadOnlyMemory<byte> Content);
