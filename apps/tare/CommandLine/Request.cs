using Tare.Cli.Inspecting;
using Tare.Cli.Listing;
using Tare.Cli.Watching;

namespace Tare.Cli.CommandLine;

/// <summary>What the command line asks for.</summary>
internal abstract record Request
{
    private Request() { }

    /// <summary>A text to be printed: help, version.</summary>
    public sealed record Page(string Text) : Request;

    /// <summary><c>tare run</c>.</summary>
    public sealed record Run(RunOptions Options) : Request;

    /// <summary><c>tare try</c>.</summary>
    public sealed record Try(TryOptions Options) : Request;

    /// <summary><c>tare record</c>.</summary>
    public sealed record Record(RecordOptions Options) : Request;

    /// <summary><c>tare explain</c>.</summary>
    public sealed record Explain(RunOptions Options) : Request;

    /// <summary><c>tare doctor</c>.</summary>
    public sealed record Doctor(bool Json) : Request;

    /// <summary><c>tare ps</c>.</summary>
    public sealed record List(ListOptions Options) : Request;

    /// <summary><c>tare top</c>.</summary>
    public sealed record Watch(WatchOptions Options) : Request;

    /// <summary><c>tare inspect</c>.</summary>
    public sealed record Inspect(InspectOptions Options) : Request;
}
