namespace Tare.Launch.Tests.Launching;

/// <summary>Tests that look at the whole process (its children, mappings, flags), so that no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
