using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Validation;

/// <summary>Paths of the host in a document: those that are relative count from the bundle.</summary>
public static class HostPath
{
    /// <summary>A path as it is from the root: one that is relative counts from this process's working directory.</summary>
    /// <exception cref="KernelException">ENOENT: the working directory has been removed.</exception>
    public static string FromHere(string path)
    {
        if (path.StartsWith('/'))
        {
            return path;
        }

        try
        {
            return $"{Environment.CurrentDirectory.TrimEnd('/')}/{path}";
        }
        catch (IOException e)
        {
            Errno errno = e is PathTooLongException ? Errno.ENAMETOOLONG : Errno.ENOENT;
            throw new KernelException(
                errno,
                "find the working directory for",
                path,
                "change to another one, or give absolute paths"
            );
        }
    }

    /// <summary>A path of the bundle's.</summary>
    public static string From(string bundle, string path)
    {
        string full = path.StartsWith('/') ? path : $"{bundle.TrimEnd('/')}/{path}";
        return full.Length > 1 ? full.TrimEnd('/') : full;
    }
}
