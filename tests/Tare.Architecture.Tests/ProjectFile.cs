using System.Xml.Linq;

namespace Tare.Architecture.Tests;

/// <summary>What a project file says: its name, the folder it lies in (src, apps …), whom it knows, whether it may be unsafe.</summary>
public sealed record ProjectFile(string Area, string Name, IReadOnlyList<string> References, bool AllowsUnsafe)
{
    public static ProjectFile Parse(string relativePath, string xml)
    {
        XElement project = XElement.Parse(xml);
        return new ProjectFile(
            relativePath.Split('/')[0],
            Path.GetFileNameWithoutExtension(relativePath),
            [
                .. project
                    .Descendants("ProjectReference")
                    .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)),
            ],
            project.Descendants("AllowUnsafeBlocks").Any(element => element.Value == "true")
                || project
                    .Descendants("Import")
                    .Any(import =>
                        ((string)import.Attribute("Project")!).EndsWith("KernelLibrary.props", StringComparison.Ordinal)
                    )
        );
    }
}
