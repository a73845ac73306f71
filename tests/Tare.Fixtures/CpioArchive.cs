using System.Globalization;
using System.Text;

namespace Tare.Launch.Tests.Arm64;

/// <summary>An initial file system for a kernel: cpio in its "newc" form. Documentation/driver-api/early-userspace/buffer-format.rst.</summary>
internal sealed class CpioArchive
{
    private readonly List<byte> bytes = [];
    private int inode;

    public CpioArchive Directory(string name) => Add(name, 0x41ED, []);

    public CpioArchive Program(string name, ReadOnlySpan<byte> content) => Add(name, 0x81ED, content);

    /// <summary>The archive with its trailer.</summary>
    public byte[] Finish()
    {
        Add("TRAILER!!!", 0, []);
        return [.. bytes];
    }

    private CpioArchive Add(string name, int mode, ReadOnlySpan<byte> content)
    {
        // inode, mode, uid, gid, links, mtime, size, four device numbers, length of the name with its zero, checksum
        int[] fields = [++inode, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, name.Length + 1, 0];
        StringBuilder header = new("070701");
        foreach (int field in fields)
        {
            header.Append(CultureInfo.InvariantCulture, $"{field:X8}");
        }

        bytes.AddRange(Encoding.ASCII.GetBytes($"{header}{name}\0"));
        Pad();
        bytes.AddRange(content);
        Pad();
        return this;
    }

    private void Pad()
    {
        while (bytes.Count % 4 != 0)
        {
            bytes.Add(0);
        }
    }
}
