using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// The permissions of files in an upper layer that their own user may not read. So that they can be read they get more;
/// what the program had given them is written down first, and holds whatever becomes of this process.
/// </summary>
internal sealed class LayerModes
{
    private const string Name = "modes";
    private const FileModes Mine = FileModes.S_IRUSR | FileModes.S_IWUSR | FileModes.S_IXUSR;
    private readonly DirectoryFd state;
    private readonly Dictionary<ulong, FileModes> modes = [];

    private LayerModes(DirectoryFd state) => this.state = state;

    /// <summary>Reads what was written down.</summary>
    /// <param name="state">The view's directory; must outlive this.</param>
    public static LayerModes Open(DirectoryFd state)
    {
        LayerModes all = new(state);
        SysResult<byte[]> read = Files.ReadAllAt(state, Name, 256 << 20);
        if (read.Errno == Errno.ENOENT)
        {
            return all;
        }

        // The last line may be cut off; then its file was not changed yet.
        string text = Encoding.ASCII.GetString(read.OrThrow("read", Name));
        foreach (string line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ');
            if (
                fields.Length == 2
                && ulong.TryParse(fields[0], CultureInfo.InvariantCulture, out ulong inode)
                && uint.TryParse(fields[1], CultureInfo.InvariantCulture, out uint mode)
            )
            {
                all.modes.TryAdd(inode, (FileModes)mode);
            }
        }

        return all;
    }

    /// <summary>The facts as the program left them.</summary>
    public FileFacts Original(FileFacts facts) =>
        modes.TryGetValue(facts.Inode, out FileModes mode) ? facts with { Mode = facts.Type | mode } : facts;

    /// <summary>Makes a file of an upper layer readable, and searchable if it is a directory.</summary>
    /// <param name="found">The file, opened with O_PATH.</param>
    /// <param name="facts">What it is.</param>
    public SysResult Unlock(FileFd found, FileFacts facts)
    {
        if (modes.TryAdd(facts.Inode, facts.Mode & FileFacts.Permissions))
        {
            using FileFd file = Files
                .OpenAt(
                    state,
                    Name,
                    OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND,
                    FileModes.S_IRUSR | FileModes.S_IWUSR
                )
                .OrThrow("open", Name);
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{facts.Inode} {(uint)(facts.Mode & FileFacts.Permissions)}\n"
            );
            Files.WriteAll(file, Encoding.ASCII.GetBytes(line)).OrThrow("write", Name);
            Files.FSync(file).OrThrow("fsync", Name);
        }

        return Files.FChmodAt(null, $"/proc/self/fd/{found.Number}", (facts.Mode & FileFacts.Permissions) | Mine);
    }
}
