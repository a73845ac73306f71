namespace Tare.OciCli.CommandLine;

/// <summary>The command line cannot be understood; the message says what is wrong and where to look.</summary>
internal sealed class UsageException(string message) : Exception(message);
