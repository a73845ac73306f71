namespace Tare.Fixtures;

/// <summary>A program's standard input, for which it is no error that the program reads no more.</summary>
public sealed class ForgivingInput(StreamWriter writer)
{
    private bool _closed;

    /// <summary>Writes a text and flushes it.</summary>
    public void Write(string text)
    {
        if (_closed || text.Length == 0)
        {
            return;
        }

        try
        {
            writer.Write(text);
            writer.Flush();
        }
        catch (IOException)
        {
            _closed = true;
        }
    }

    /// <summary>Ends the input.</summary>
    public void Close()
    {
        try
        {
            writer.Close();
        }
        catch (IOException)
        {
            // What was not yet written goes nowhere: the program has ended.
        }

        _closed = true;
    }
}
