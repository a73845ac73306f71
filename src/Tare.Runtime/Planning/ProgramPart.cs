namespace Tare.Runtime.Planning;

/// <summary>What every program gets, whether it is a container's first or is added to one.</summary>
internal static class ProgramPart
{
    /// <summary>Writes limits, credentials and the program itself.</summary>
    public static void Write(PlanState state)
    {
        LimitSteps.Write(state);
        if (!state.Process.Terminal)
        {
            CredentialSteps.GiveStreams(state);
        }

        CredentialSteps.Write(state);
        ProgramSteps.Write(state);
    }
}
