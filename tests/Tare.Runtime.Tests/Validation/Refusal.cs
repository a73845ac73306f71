using Tare.Oci;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Validation;

/// <summary>What a wrong specification is answered with.</summary>
internal static class Refusal
{
    /// <summary>The message, which begins with the property and ends with what to do, in brackets.</summary>
    public static string Of(RuntimeSpec spec, ValidationContext? context = null)
    {
        SpecException e = Assert.Throws<SpecException>(() =>
            SpecValidator.Validate(spec, context ?? new ValidationContext("/srv/web") { RootGiven = true })
        );
        Assert.StartsWith(e.Property + ": ", e.Message, StringComparison.Ordinal);
        Assert.Equal($"{e.Property}: {e.Problem}", e.Message);
        return e.Message;
    }

    /// <summary>The same of a specification whose Linux part is another.</summary>
    public static string OfLinux(Func<LinuxSpec, LinuxSpec> edit) => Of(Specs.Default.Linux(edit));

    /// <summary>The same of a specification with another process.</summary>
    public static string OfProcess(Func<ProcessSpec, ProcessSpec> edit) => Of(Specs.Default.Process(edit));
}
