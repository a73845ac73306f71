using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>
/// A document asks for something that cannot be done, or that makes no sense. The message is one line: the property, what
/// is wrong with it, and the remedy.
/// </summary>
public sealed class SpecException : Exception
{
    private const int Longest = 1024;

    /// <summary>Keeps the property beside the sentence.</summary>
    /// <param name="property">The property's path in the document: <c>mounts[2].options</c>.</param>
    /// <param name="problem">What is wrong, and in brackets what to do.</param>
    public SpecException(string property, string problem)
        : base($"{OneLine.Of(property, Longest)}: {OneLine.Of(problem, Longest)}")
    {
        Property = property;
        Problem = problem;
    }

    /// <summary>The property's path in the document: <c>mounts[2].options</c>.</summary>
    public string Property { get; }

    /// <summary>What is wrong with it and what to do, without the property.</summary>
    public string Problem { get; }
}
