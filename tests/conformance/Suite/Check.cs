namespace Tare.Conformance.Suite;

/// <summary>Something that a runtime must do, and how to find out whether it does.</summary>
/// <param name="Rows">The rows of the feature tables that it belongs to; <c>-</c> where there is none.</param>
/// <param name="Requirement">What is asked for, in our words: the check's name.</param>
/// <param name="Body">Does it with a runtime; throws where the runtime does not do it.</param>
public sealed record Check(string Rows, string Requirement, Action<Site> Body);
