using Tare.Linux;

namespace Tare.Launch.Probe;

/// <summary>The program's streams as descriptors. They are never closed.</summary>
internal static class Standard
{
    public static FileFd Input { get; } = DescriptorTable.Adopt(0).OrThrow("take standard input");

    public static FileFd Output { get; } = DescriptorTable.Adopt(1).OrThrow("take standard output");
}
