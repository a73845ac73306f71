using System.Text;
using Tare.Fuzz.Fuzzing;
using Tare.Oci;
using Tare.Runtime.Planning;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Tests.Planning.Laws;
using Tare.Runtime.Validation;

namespace Tare.Fuzz.Targets;

/// <summary>
/// A config.json is planned, and the plan keeps every law of plans; or it is refused by one line that names the property.
/// What was read is written so that it is read as the same. Memory is bounded by the length.
/// </summary>
internal static class ConfigTarget
{
    public static void Try(byte[] utf8)
    {
        try
        {
            RuntimeSpec spec = Promise.Within((utf8.Length * 64L) + (256 << 10), () => RuntimeSpecReader.Read(utf8));
            byte[] written = RuntimeSpecWriter.Write(spec);
            byte[] again = RuntimeSpecWriter.Write(RuntimeSpecReader.Read(written));
            Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(again));

            ValidationContext context = new("/srv/web")
            {
                RootGiven = true,
                ConsoleSocket = spec.Process?.Terminal ?? false,
            };
            ValidatedSpec valid = SpecValidator.Validate(spec, context);
            PlannedLaunch planned = Promise.Within(
                (utf8.Length * 4096L) + (16 << 20),
                () => ContainerPlanner.Plan(valid, Specs.Context)
            );
            PlanLaws.Check(planned, valid.Process, Specs.Context);
        }
        catch (OciFormatException refusal)
        {
            Promise.IsOneLine(refusal.Message);
        }
        catch (SpecException refusal)
        {
            Promise.IsOneLine(refusal.Message);
            Assert.NotEqual("", refusal.Property);
        }
    }
}
