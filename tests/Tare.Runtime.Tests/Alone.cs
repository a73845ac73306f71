namespace Tare.Runtime.Tests;

/// <summary>
/// Tests that look at the whole process (its children, its descriptors, the locks that children share), so
/// that no other test may run meanwhile.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
