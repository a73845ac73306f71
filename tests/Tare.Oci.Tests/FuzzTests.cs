using System.Globalization;
using System.Text;
using CsCheck;

namespace Tare.Oci.Tests;

/// <summary>Documents of the corpus, damaged by chance. TARE_FUZZ_SECONDS makes it go on for as long.</summary>
public class FuzzTests
{
    private static readonly byte[][] Seeds = [.. Sample.CorpusFiles().Select(File.ReadAllBytes), .. States()];

    /// <summary>What a damaged place is filled with: JSON's own signs, the model's own names, numbers at the edge.</summary>
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            "\n",
            "null",
            "true",
            "-1",
            "0",
            "1e9",
            "1.5",
            "4294967296",
            "18446744073709551616",
            "{}",
            "[]",
            "\"\"",
            "\"ociVersion\":\"2.0.0\",",
            "\"process\":",
            "\"linux\":{\"seccomp\":",
            "\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{",
            "\"SCMP_CMP_GE\"",
            "\"PROCESS\":",
            "\"options\":[\"idmap\"],",
            "é🐳\u2028",
        }.Select(Encoding.UTF8.GetBytes),
        [0x00],
        [0xFF],
        [0xC0, 0x80],
    ];

    private static readonly Gen<byte[]> Damaged = Gen.Select(
        Gen.Int[0, Seeds.Length - 1],
        Gen.Select(Gen.Int[0, 5], Gen.UInt, Gen.UInt, Gen.Byte).Array[0, 6],
        static (seed, hits) => hits.Aggregate(Seeds[seed], static (text, hit) => Hit(text, hit))
    );

    [Fact]
    public void A_damaged_config_is_read_or_refused() => Run(static text => FuzzTargets.Config(text));

    [Fact]
    public void A_damaged_process_is_read_or_refused() => Run(static text => FuzzTargets.Process(text));

    [Fact]
    public void A_damaged_state_is_read_or_refused() => Run(static text => FuzzTargets.State(text));

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Gen.Byte.Array[0, 64].Sample(static text => FuzzTargets.Config(text), iter: 5_000);

    private static void Run(Action<byte[]> target)
    {
        string? seconds = Environment.GetEnvironmentVariable("TARE_FUZZ_SECONDS");
        if (string.IsNullOrEmpty(seconds))
        {
            Damaged.Sample(target, iter: 5_000);
        }
        else
        {
            Damaged.Sample(target, time: int.Parse(seconds, CultureInfo.InvariantCulture));
        }
    }

    private static byte[] Hit(byte[] text, (int Kind, uint Place, uint Length, byte Value) hit)
    {
        int at = (int)(hit.Place % ((uint)text.Length + 1));
        int length = (int)(hit.Length % 32) % (text.Length - at + 1);
        ReadOnlySpan<byte> before = text.AsSpan(0, at);
        ReadOnlySpan<byte> after = text.AsSpan(at + length);
        return hit.Kind switch
        {
            0 => [.. before, .. after],
            1 => [.. before, hit.Value, .. after],
            2 => [.. before, .. Pieces[hit.Value % Pieces.Length], .. text.AsSpan(at)],
            3 => [.. before, .. Pieces[hit.Value % Pieces.Length], .. after],
            4 => [.. before, .. text.AsSpan(at, length), .. text.AsSpan(at)],
            _ => [.. before],
        };
    }

    private static IEnumerable<byte[]> States()
    {
        yield return new StateDocument
        {
            Id = "web-1",
            Pid = 4711,
            Status = ContainerStatus.Running,
            Bundle = "/srv/web",
            Rootfs = "/srv/web/rootfs",
            Created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
            Annotations = new Dictionary<string, string> { ["a.b"] = "c" },
            Owner = "root",
        }.Write();
        yield return RuntimeSpecWriter.Write(RuntimeSpecReader.Read(Sample.Golden("everything.json")).Process!);
    }
}
