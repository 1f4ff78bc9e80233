namespace AotLayers.Interop;

/// <summary>A recording is malformed, too big, or of a version that this tool does not know.</summary>
public sealed class RecordingFormatException : Exception
{
    private const int InvalidData = unchecked((int)0x8007000D);

    /// <summary>Makes the exception.</summary>
    /// <param name="source">File name, or what else names the recording.</param>
    /// <param name="line">Line of the file, from 1; 0 when no line is to blame.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="inner">The parser's exception.</param>
    public RecordingFormatException(string source, long line, string reason, Exception? inner = null)
        : base(line > 0 ? $"{source}, line {line}: {reason}" : $"{source}: {reason}", inner)
    {
        Line = line;
        Reason = reason;
        HResult = InvalidData;
    }

    /// <summary>Line of the file, from 1; 0 when no line is to blame.</summary>
    public long Line { get; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; }
}
