using System.Text;
using CsCheck;

namespace Tare.Oci.Tests;

public class RoundTripTests
{
    [Theory]
    [InlineData("runc-spec.json")]
    [InlineData("runc-spec-rootless.json")]
    [InlineData("everything.json")]
    public void A_document_is_written_as_it_was_read(string name)
    {
        byte[] text = Sample.Golden(name);

        Assert.Equal(
            Encoding.UTF8.GetString(text),
            Encoding.UTF8.GetString(RuntimeSpecWriter.Write(RuntimeSpecReader.Read(text)))
        );
    }

    [Fact]
    public void A_process_is_written_as_it_was_read()
    {
        ProcessSpec process = RuntimeSpecReader.Read(Sample.Golden("everything.json")).Process!;
        byte[] text = RuntimeSpecWriter.Write(process);

        Assert.Equal(text, RuntimeSpecWriter.Write(ProcessDocument.Read(text, "process.json")));
    }

    [Fact]
    public void Any_text_survives_being_written_and_read()
    {
        Gen.String.Array.Sample(texts =>
        {
            string[] args = [.. texts.Select(Valid)];
            ProcessSpec process = new() { Cwd = "/", Args = args };

            Assert.Equal(args, ProcessDocument.Read(RuntimeSpecWriter.Write(process), "p").Args);
        });
    }

    [Fact]
    public void Any_annotations_survive_being_written_and_read()
    {
        Gen.Dictionary(Gen.String, Gen.String)
            .Sample(map =>
            {
                Dictionary<string, string> annotations = [];
                foreach ((string key, string value) in map)
                {
                    annotations["k" + Valid(key)] = Valid(value);
                }

                RuntimeSpec spec = new() { OciVersion = "1.0.0", Annotations = annotations };
                Assert.Equal(annotations, RuntimeSpecReader.Read(RuntimeSpecWriter.Write(spec)).Annotations);
            });
    }

    [Fact]
    public void Any_numbers_survive_being_written_and_read()
    {
        Gen.Select(Gen.Long[-1, long.MaxValue], Gen.ULong, Gen.UInt, Gen.Long)
            .Sample(
                (limit, hard, id, quota) =>
                {
                    RuntimeSpec spec = new()
                    {
                        OciVersion = "1.0.0",
                        Process = new ProcessSpec { Cwd = "/", Rlimits = [new RlimitSpec("RLIMIT_CPU", hard, hard)] },
                        Linux = new LinuxSpec
                        {
                            UidMappings = [new IdMapping(id, id, id)],
                            Resources = new ResourcesSpec
                            {
                                Memory = new MemorySpec { Limit = limit },
                                Cpu = new CpuSpec { Quota = quota, Period = hard },
                                Pids = new PidsSpec(limit),
                            },
                        },
                    };

                    RuntimeSpec back = RuntimeSpecReader.Read(RuntimeSpecWriter.Write(spec));

                    Assert.Equal(spec.Process.Rlimits, back.Process!.Rlimits);
                    Assert.Equal(spec.Linux.UidMappings, back.Linux!.UidMappings);
                    Assert.Equal(spec.Linux.Resources.Memory, back.Linux.Resources!.Memory);
                    Assert.Equal(spec.Linux.Resources.Cpu, back.Linux.Resources.Cpu);
                    Assert.Equal(spec.Linux.Resources.Pids, back.Linux.Resources.Pids);
                }
            );
    }

    /// <summary>Without NUL and without halves of surrogate pairs, which no document can hold.</summary>
    private static string Valid(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal);
}
