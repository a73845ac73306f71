namespace Tare.Architecture.Tests.Rules;

/// <summary>Something that holds for each source file by itself.</summary>
public interface ISourceRule
{
    /// <summary>What is wrong with the file, a line each; none where all is well.</summary>
    IEnumerable<string> Complaints(SourceFile file);
}
