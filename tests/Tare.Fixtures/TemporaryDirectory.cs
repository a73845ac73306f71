namespace Tare.Fixtures;

/// <summary>A directory under /tmp that goes with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Makes one that every user can search.</summary>
    public TemporaryDirectory()
    {
        Path = Directory.CreateTempSubdirectory("tare-").FullName;
        File.SetUnixFileMode(
            Path,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherExecute
        );
    }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>A path in it.</summary>
    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file in it; gives its path.</summary>
    public string Write(string name, string text, UnixFileMode? mode = null)
    {
        string path = At(name);
        File.WriteAllText(path, text);
        if (mode is UnixFileMode given)
        {
            File.SetUnixFileMode(path, given);
        }

        return path;
    }

    /// <summary>Removes it. Never into another file system: a bind mount that a failed test left must not lose the host's files.</summary>
    public void Dispose() => Tool.Run("rm", "-rf", "--one-file-system", Path);
}
