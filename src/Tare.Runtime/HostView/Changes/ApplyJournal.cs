using System.Globalization;
using System.Text;
using Tare.Linux;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// How far a set of changes has been applied: a line for each step, appended before or after it. A line that was cut off
/// was not written. Owns the file.
/// </summary>
internal sealed class ApplyJournal : IDisposable
{
    private const int Largest = 1 << 30;
    private readonly FileFd file;
    private readonly Dictionary<int, ulong> intended = [];
    private readonly HashSet<int> done = [];
    private readonly HashSet<int> finished = [];

    /// <summary>Reads what was done before.</summary>
    /// <param name="file">Opened to be read and appended to; taken over.</param>
    /// <exception cref="KernelException">It cannot be read.</exception>
    public ApplyJournal(FileFd file)
    {
        this.file = file;
        string text = Encoding.ASCII.GetString(Files.ReadToEnd(file, Largest).OrThrow("read the journal"));
        int end = text.LastIndexOf('\n') + 1;
        foreach (string line in text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Read(line.Split(' '));
        }

        // What was cut off must not become the beginning of the next line.
        if (end < text.Length)
        {
            Files.FTruncate(file, end).OrThrow("ftruncate the journal");
        }
    }

    /// <summary>The inode that was about to be put in a change's place, or about to be changed there; null if none was.</summary>
    public ulong? Intended(int change) => intended.TryGetValue(change, out ulong inode) ? inode : null;

    /// <summary>The change is in place.</summary>
    public bool IsDone(int change) => done.Contains(change);

    /// <summary>The directory has its final permissions and times.</summary>
    public bool IsFinished(int change) => finished.Contains(change);

    /// <summary>Says, on the disk, what is about to be put in place.</summary>
    public void Intend(int change, ulong inode)
    {
        intended[change] = inode;
        Write(string.Create(CultureInfo.InvariantCulture, $"intend {change} {inode}\n"));
        Files.FSync(file).OrThrow("fsync the journal");
    }

    /// <summary>Says that it is in place.</summary>
    public void Done(int change)
    {
        done.Add(change);
        Write(string.Create(CultureInfo.InvariantCulture, $"done {change}\n"));
    }

    /// <summary>Says that the directory is as it shall be.</summary>
    public void Finish(int change)
    {
        finished.Add(change);
        Write(string.Create(CultureInfo.InvariantCulture, $"finish {change}\n"));
    }

    /// <inheritdoc />
    public void Dispose() => file.Dispose();

    private void Read(string[] fields)
    {
        if (fields.Length < 2 || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out int change))
        {
            return;
        }

        switch (fields[0])
        {
            case "intend"
                when fields.Length == 3 && ulong.TryParse(fields[2], CultureInfo.InvariantCulture, out ulong inode):
                intended[change] = inode;
                break;
            case "done":
                done.Add(change);
                break;
            case "finish":
                finished.Add(change);
                break;
            default:
                break;
        }
    }

    private void Write(string line) => Files.WriteAll(file, Encoding.ASCII.GetBytes(line)).OrThrow("write the journal");
}
