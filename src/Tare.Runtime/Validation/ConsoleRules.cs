namespace Tare.Runtime.Validation;

/// <summary>Rules between <c>process.terminal</c> and how the runtime was called. The texts are known from runc.</summary>
internal static class ConsoleRules
{
    public static void Check(ValidatedProcess process, ValidationContext context)
    {
        if (context.ConsoleSocket && !process.Terminal)
        {
            throw new SpecException(
                "process.terminal",
                "cannot use a console socket without a terminal (set it to true, or leave --console-socket out)"
            );
        }

        if (context.Detached && process.Terminal && !context.ConsoleSocket)
        {
            throw new SpecException(
                "process.terminal",
                "cannot allocate a terminal for a detached container without a console socket (give --console-socket)"
            );
        }
    }
}
