using System.Globalization;
using System.Text;

namespace Tare.Fixtures;

/// <summary>
/// An initial file system for a kernel: cpio in its "newc" form. Documentation/driver-api/early-userspace/buffer-format.rst.
/// A directory goes before what is in it. Everything is root's.
/// </summary>
public sealed class CpioArchive
{
    private const int DirectoryMode = 0x41ED; // rwxr-xr-x
    private const int ProgramMode = 0x81ED; // rwxr-xr-x
    private const int FileMode = 0x81A4; // rw-r--r--
    private const int LinkMode = 0xA1FF;
    private const int CharacterDeviceMode = 0x2180; // rw-------

    private readonly MemoryStream _bytes = new();
    private int _inode;

    /// <summary>Adds a directory.</summary>
    public CpioArchive Directory(string name) => Add(name, DirectoryMode, []);

    /// <summary>Adds a file that can be executed.</summary>
    public CpioArchive Program(string name, ReadOnlySpan<byte> content) => Add(name, ProgramMode, content);

    /// <summary>Adds a file.</summary>
    public CpioArchive File(string name, ReadOnlySpan<byte> content) => Add(name, FileMode, content);

    /// <summary>Adds a symbolic link.</summary>
    public CpioArchive Link(string name, string target) => Add(name, LinkMode, Encoding.UTF8.GetBytes(target));

    /// <summary>Adds a character device.</summary>
    public CpioArchive Device(string name, int major, int minor) => Add(name, CharacterDeviceMode, [], major, minor);

    /// <summary>The archive with its trailer.</summary>
    public byte[] Finish()
    {
        Add("TRAILER!!!", 0, []);
        return _bytes.ToArray();
    }

    private CpioArchive Add(string name, int mode, ReadOnlySpan<byte> content, int major = 0, int minor = 0)
    {
        // inode, mode, uid, gid, links, mtime, size, four device numbers, length of the name with its zero, checksum
        byte[] path = Encoding.UTF8.GetBytes(name);
        int[] fields = [++_inode, mode, 0, 0, 1, 0, content.Length, 0, 0, major, minor, path.Length + 1, 0];
        StringBuilder header = new("070701");
        foreach (int field in fields)
        {
            header.Append(CultureInfo.InvariantCulture, $"{field:X8}");
        }

        _bytes.Write(Encoding.ASCII.GetBytes(header.ToString()));
        _bytes.Write(path);
        _bytes.WriteByte(0);
        Pad();
        _bytes.Write(content);
        Pad();
        return this;
    }

    private void Pad()
    {
        while (_bytes.Length % 4 != 0)
        {
            _bytes.WriteByte(0);
        }
    }
}
