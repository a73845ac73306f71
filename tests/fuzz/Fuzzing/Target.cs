namespace Tare.Fuzz.Fuzzing;

/// <summary>Something that takes foreign bytes.</summary>
/// <param name="Name">What it is called on the command line, and its corpus: <c>corpus/NAME.txt</c>.</param>
/// <param name="Try">Hands it bytes; throws where it breaks a promise.</param>
/// <param name="IsJson">The bytes are JSON, and are changed property by property as well.</param>
public sealed record Target(string Name, Action<byte[]> Try, bool IsJson = false);
