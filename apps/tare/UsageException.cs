namespace Tare.Cli;

/// <summary>The command line was not understood, or asks for something that cannot be. The message says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
