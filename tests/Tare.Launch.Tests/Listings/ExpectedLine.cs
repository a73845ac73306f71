namespace Tare.Launch.Tests.Listings;

/// <summary>An instruction as objdump should print it; that of a branch ends with its target's address.</summary>
internal readonly record struct ExpectedLine(string Text, Mark? Target = null);
