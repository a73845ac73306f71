using Tare.Fixtures;

namespace Tare.Conformance.Tests;

public sealed class TareOciTests() : ConformanceTests(Programs.TareOci);
