using CsCheck;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Listings;

/// <summary>Plans that make no sense and use everything that a plan can say.</summary>
internal static class RandomPlans
{
    private static readonly long[] EdgeValues =
    [
        0,
        1,
        -1,
        -100,
        4095,
        4096,
        0xFFFF,
        0x10000,
        0xFFFF_0000,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        1L << 32,
        -1L << 16,
        -1L << 32,
        unchecked((long)0xFFFF_0000_FFFF_0000),
        0x0000_FFFF_0000_FFFF,
        unchecked((long)0xFFFF_1234_FFFF_FFFF),
        0x1234_0000_0000_5678,
        long.MaxValue,
        long.MinValue,
    ];

    private static readonly Syscall[] Calls = Enum.GetValues<Syscall>();

    private static readonly Errno[] Errnos = [Errno.EPERM, Errno.ENOENT, Errno.EEXIST, Errno.ENOSYS, Errno.EOVERFLOW];

    private static readonly Gen<long> Values = Gen.Frequency(
        (3, Gen.OneOf([.. EdgeValues.Select(value => Gen.Const(value))])),
        (1, Gen.Long)
    );

    /// <summary>Plans of 1 to 40 steps; some have so many slots that their offsets fit no short form.</summary>
    public static Gen<LaunchPlan> All { get; } =
        Gen.Select(
            Gen.Select(Gen.Int[0, 9], Gen.Int, Gen.Long.Array[6], Gen.Int[0, 6], Values.Array[6]).Array[1, 40],
            Gen.Frequency((9, Gen.Int[1, 20]), (1, Gen.Int[4100, 4200])),
            Gen.Bool,
            (parts, slots, reports) => Make(parts, slots, reports)
        );

    private static LaunchPlan Make(
        (int Kind, int Seed, long[] Picks, int Count, long[] Values)[] parts,
        int slotCount,
        bool reports
    )
    {
        LaunchPlanBuilder builder = new();
        Slot[] slots = [.. Enumerable.Range(0, slotCount).Select(i => builder.NewSlot($"slot {i}"))];
        Scratch[] memory =
        [
            builder.NewScratch("small", 16),
            builder.NewScratch("filled", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
            builder.NewScratch("large", 40_000),
        ];
        if (reports)
        {
            builder.FailureReport = slots[^1];
        }

        bool spawns = false;
        Label[] labels = [.. parts.Select((_, i) => builder.NewLabel($"step {i + 2}"))];
        for (int i = 0; i < parts.Length; i++)
        {
            (int kind, int seed, long[] picks, int count, long[] values) = parts[i];
            builder.Add(Step(kind, (uint)seed, picks, count, values));
            builder.Place(labels[i]);

            Step Step(int kind, uint seed, long[] picks, int count, long[] values)
            {
                int width = 1 << (int)(seed % 4);
                Scratch scratch = Pick(memory, picks[0]);
                int offset = (int)((ulong)picks[1] % (ulong)(scratch.Content.Length - width + 1));
                return kind switch
                {
                    0 => new CheckStep("check", scratch, offset, width, (ulong)values[0], (ulong)values[1])
                    {
                        MustDiffer = seed % 2 == 0,
                        Failure = Pick(Errnos, picks[2]),
                        Otherwise = seed % 3 == 0 ? Ahead(picks[3]) : null,
                    },
                    1 => new StoreStep("store", Pick(slots, picks[2]), scratch, offset, width),
                    2 => new AddressStep("address", Pick(memory, picks[2]), memory[2], (int)((ulong)picks[3] % 39_000)),
                    3 when Ahead(picks[0]) is { } target => new JumpStep("jump", target),
                    4 => new GateStep("gate", (int)(seed % 7) + 1),
                    5 when !spawns => Spawn(),
                    6 => new FailStep("fail", Pick(Errnos, picks[0])),
                    _ => Call(seed, picks, count, values),
                };
            }

            // A plan goes on in another process only once.
            Step Spawn()
            {
                spawns = true;
                return new SpawnStep("spawn", CloneFlags.CLONE_PARENT);
            }

            Step Call(uint seed, long[] picks, int count, long[] values) =>
                new CallStep(
                    "call",
                    seed % 20 == 0 ? Syscall.execve : Pick(Calls, seed),
                    [.. Enumerable.Range(0, count).Select(k => AnArgument(picks[k], values[k]))]
                )
                {
                    Result = seed % 2 == 0 ? Pick(slots, picks[0]) : null,
                    Tolerated = [.. Errnos.Where((_, k) => ((picks[1] >> k) & 3) == 3)],
                    Branches =
                    [
                        .. Errnos
                            .Where((_, k) => ((picks[2] >> k) & 3) == 3)
                            .Select((errno, k) => (errno, Target: Ahead(picks[3] >> k)))
                            .Where(pair => pair.Target is not null)
                            .Select(pair => new Branch(pair.errno, pair.Target!)),
                    ],
                };

            Argument AnArgument(long pick, long value) =>
                (pick & 7) switch
                {
                    0 => Pick(slots, pick >> 3),
                    1 => Argument.AddressOf(Pick(slots, pick >> 3)),
                    2 => Pick(memory, pick >> 3),
                    3 => $"text {value}",
                    4 => Argument.Struct(BitConverter.GetBytes(value)),
                    5 => Argument.Texts([$"{pick}", $"{value}"]),
                    6 => Argument.Flags(OpenFlags.O_DIRECTORY | OpenFlags.O_CLOEXEC),
                    _ => value,
                };

            // A label that stands before a later step; there is none for the last one.
            Label? Ahead(long pick) =>
                i + 1 < parts.Length ? labels[i + (int)((ulong)pick % (ulong)(parts.Length - i - 1))] : null;
        }

        return builder.Build();
    }

    private static T Pick<T>(T[] from, long pick) => from[(int)((ulong)pick % (ulong)from.Length)];
}
