using Tare.Fixtures;

namespace Tare.Samples.Tests;

/// <summary>The programs under samples/, as they were built for these tests.</summary>
internal static class Sample
{
    public static string Program(string name) => Repository.At("artifacts", "build", "bin", name, "release", name);
}
