using System.Collections.Immutable;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.maskedPaths</c> and <c>linux.readonlyPaths</c>: absolute, not the root, each once.</summary>
internal static class PathRules
{
    public static ImmutableArray<ContainerPath> Check(string property, IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            return [];
        }

        ImmutableArray<ContainerPath>.Builder result = ImmutableArray.CreateBuilder<ContainerPath>(paths.Count);
        for (int i = 0; i < paths.Count; i++)
        {
            ContainerPath path = ContainerPath.ParseAbsolute($"{property}[{i}]", paths[i]);
            if (path.IsRoot)
            {
                throw new SpecException($"{property}[{i}]", "is the root itself (use root.readonly)");
            }

            if (!result.Contains(path))
            {
                result.Add(path);
            }
        }

        return result.ToImmutable();
    }
}
