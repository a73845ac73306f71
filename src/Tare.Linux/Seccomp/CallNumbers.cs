using System.Buffers.Text;
using System.Text;

namespace Tare.Linux;

/// <summary>Finds system calls by their names.</summary>
public static class CallNumbers
{
    /// <summary>What marks the numbers of x32. asm/unistd.h.</summary>
    public const uint X32Bit = 0x4000_0000;

    private const int Abis = 5;
    private static readonly Lazy<Dictionary<string, int[]>> Table = new(ReadTable);
    private static readonly Lazy<Dictionary<int, string>[]> Reverse = new(ReverseTable);

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

    /// <summary>The names of all calls that some way of making them has.</summary>
    public static IEnumerable<string> Names => Table.Value.Keys;

    /// <summary>Whether some way of making calls has one of that name.</summary>
    public static bool Has(string name) => Table.Value.ContainsKey(name);

    /// <summary>The name of a number that the kernel saw; null where it is unknown.</summary>
    public static string? NameOf(FilterAbi abi, int number) => Reverse.Value[(int)abi].GetValueOrDefault(number);

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

    private static Dictionary<int, string>[] ReverseTable()
    {
        Dictionary<int, string>[] names = new Dictionary<int, string>[Abis];
        for (int abi = 0; abi < Abis; abi++)
        {
            names[abi] = [];
            foreach (string name in Table.Value.Keys)
            {
                if (Of((FilterAbi)abi, name) is { } number)
                {
                    names[abi].TryAdd((int)number, name);
                }
            }
        }

        return names;
    }
}
