namespace Tare.Security.Tests.Arena;

/// <summary>Tests that show that an attack works where nobody prevents it: they say nothing about a runtime.</summary>
internal static class Control
{
    public const string Trait = "shows";
    public const string OfAttack = "the attack";
}
