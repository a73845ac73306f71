using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Containers;

/// <summary>The JSON files that a caller names: a bundle's config.json, a process for exec.</summary>
public static class ConfigurationFile
{
    /// <summary>The name of a bundle's configuration.</summary>
    public const string Name = "config.json";

    /// <summary>The bytes of a bundle's config.json.</summary>
    /// <exception cref="ContainerException">There is none, or it is no file.</exception>
    /// <exception cref="OciFormatException">It is empty or too long.</exception>
    public static byte[] ReadBundle(string bundle) =>
        Read($"{bundle.TrimEnd('/')}/{Name}", Name, "make one with 'tare-oci spec', or name the bundle's directory");

    /// <summary>The bytes of what is open already, to its end.</summary>
    /// <param name="input">Where to read. Not owned.</param>
    /// <param name="document">Its name, for errors.</param>
    /// <exception cref="OciFormatException">It is empty or too long.</exception>
    public static byte[] ReadOpen(FileFd input, string document)
    {
        byte[] text = Files.ReadToEnd(input, (int)DocumentSize.Limit).OrThrow("read", document);
        DocumentSize.Check(text.Length, document);
        return text;
    }

    /// <summary>The bytes of a file; refused by its size before it is read.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="document">Its name, for errors about its content.</param>
    /// <param name="remedy">What to do where it is missing.</param>
    /// <exception cref="ContainerException">There is none, or it is no file.</exception>
    /// <exception cref="OciFormatException">It is empty or too long.</exception>
    public static byte[] Read(string path, string document, string remedy)
    {
        // O_NONBLOCK, so that a FIFO cannot hold this process up.
        SysResult<FileFd> opened = Files.OpenAt(null, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
        if (opened.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw new ContainerException($"open '{path}': {opened.Errno} ({remedy})");
        }

        using FileFd file = opened.OrThrow("open", path);
        StatX status = Files.StatX(file).OrThrow("stat", path);
        if ((status.Mode & FileModes.S_IFMT) != FileModes.S_IFREG)
        {
            throw new ContainerException($"read '{path}': EINVAL (it is not a regular file)");
        }

        DocumentSize.Check((long)status.Size, document);
        return Files.ReadToEnd(file, (int)DocumentSize.Limit).OrThrow("read", path);
    }
}
