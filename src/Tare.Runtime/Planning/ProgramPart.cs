namespace Tare.Runtime.Planning;

/// <summary>What every program gets, whether it is a container's first or is added to one.</summary>
internal static class ProgramPart
{
    /// <summary>Writes what a new process inherits: limits, credentials, the working directory.</summary>
    public static void WriteLimitsAndCredentials(PlanState state)
    {
        LimitSteps.Write(state);
        if (!state.Process.Terminal)
        {
            CredentialSteps.GiveStreams(state);
        }

        CredentialSteps.Write(state);
    }
}
