namespace Tare.Cli.Watching;

/// <summary>Keys that are no characters.</summary>
internal enum KeyKind
{
    /// <summary>A character.</summary>
    Character,

    /// <summary>Enter.</summary>
    Enter,

    /// <summary>Escape.</summary>
    Escape,

    /// <summary>Backspace.</summary>
    Backspace,

    /// <summary>The arrow up.</summary>
    Up,

    /// <summary>The arrow down.</summary>
    Down,

    /// <summary>A page up.</summary>
    PageUp,

    /// <summary>A page down.</summary>
    PageDown,

    /// <summary>To the first.</summary>
    Home,

    /// <summary>To the last.</summary>
    End,
}

/// <summary>A key that was pressed.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Character">The character, of those that are one.</param>
internal readonly record struct Key(KeyKind Kind, char Character = '\0');
