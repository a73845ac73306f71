using System.Buffers.Text;
using System.Text;

namespace Tare.Runtime.Seccomp;

/// <summary>Finds system calls by their names.</summary>
internal static class CallNumbers
{
    /// <summary>What marks the numbers of x32. asm/unistd.h.</summary>
    public const uint X32Bit = 0x4000_0000;

    private const int Abis = 5;
    private static readonly Lazy<Dictionary<string, int[]>> Table = new(ReadTable);

    /// <summary>The number that the kernel sees; null where there is no call of that name.</summary>
    public static uint? Of(FilterAbi abi, string name)
    {
        if (!Table.Value.TryGetValue(name, out int[]? numbers) || numbers[(int)abi] < 0)
        {
            return null;
        }

        uint number = (uint)numbers[(int)abi];
        return abi == FilterAbi.X32 ? number | X32Bit : number;
    }

    // The columns are in the order of the enumeration.
    private static Dictionary<string, int[]> ReadTable()
    {
        Dictionary<string, int[]> table = new(512, StringComparer.Ordinal);
        ReadOnlySpan<byte> lines = CallTable.Lines;
        foreach (Range line in lines.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> rest = lines[line];
            int length = rest.IndexOf((byte)' ');
            string name = Encoding.ASCII.GetString(rest[..length]);
            int[] numbers = new int[Abis];
            for (int i = 0; i < Abis; i++)
            {
                rest = rest[(length + 1)..];
                _ = Utf8Parser.TryParse(rest, out numbers[i], out length);
            }

            table.Add(name, numbers);
        }

        return table;
    }
}
