using Tare.Fixtures;

namespace Tare.Conformance.Tests;

public sealed class CrunTests() : ConformanceTests(Require.Program("crun"));
