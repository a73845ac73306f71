namespace Tare.Fixtures;

/// <summary>The work tree that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds Tare.slnx.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path under the root.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tare.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no folder above '{AppContext.BaseDirectory}' holds Tare.slnx");
    }
}
