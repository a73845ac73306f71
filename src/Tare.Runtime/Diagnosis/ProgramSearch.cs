using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Containers;

namespace Tare.Runtime.Diagnosis;

/// <summary>Which file a program's name means, as execvp(3) finds it.</summary>
internal static class ProgramSearch
{
    private const string DefaultPath = "/bin:/usr/bin";

    /// <summary>The path from the root; null where no such file is there.</summary>
    public static string? Find(RootDirectory root, string program, string? path, string cwd)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            string absolute = program.StartsWith('/') ? program : $"{cwd}/{program}";
            return root.Status(absolute).Ok ? absolute : null;
        }

        foreach (string folder in (path ?? DefaultPath).Split(':'))
        {
            string candidate =
                folder.Length == 0 ? $"{cwd}/{program}"
                : folder.StartsWith('/') ? $"{folder}/{program}"
                : $"{cwd}/{folder}/{program}";
            SysResult<StatX> status = root.Status(candidate);
            if (status.Ok && (status.Value.Mode & FileModes.S_IFMT) != FileModes.S_IFDIR)
            {
                return candidate;
            }
        }

        return null;
    }
}
