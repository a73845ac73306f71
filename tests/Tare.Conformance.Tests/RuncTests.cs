using Tare.Fixtures;

namespace Tare.Conformance.Tests;

public sealed class RuncTests() : ConformanceTests(Require.Program("runc"));
