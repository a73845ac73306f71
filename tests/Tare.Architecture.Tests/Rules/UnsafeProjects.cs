namespace Tare.Architecture.Tests.Rules;

/// <summary>Of the product's projects only Tare.Linux and Tare.Launch compile unsafe code at all.</summary>
public static class UnsafeProjects
{
    public static IEnumerable<string> Complaints(IEnumerable<ProjectFile> projects) =>
        projects
            .Where(project => project.Area is "src" or "apps" && project.AllowsUnsafe)
            .Where(project => project.Name is not ("Tare.Linux" or "Tare.Launch"))
            .Select(project => $"{project.Name}: allows unsafe code");
}
