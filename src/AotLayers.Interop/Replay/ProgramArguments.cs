namespace AotLayers.Interop;

/// <summary>
/// What a program passes to a replayed call, as the recorder would write it. Read only where it differs from the recording.
/// </summary>
internal sealed class ProgramArguments
{
    private readonly BoundedJson _json = new("the program's arguments");
    private ReadOnlyMemory<byte> _utf8;
    private bool _read;

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8.Span;

    /// <summary>The values.</summary>
    public BoundedJsonValue Json
    {
        get
        {
            if (!_read)
            {
                _json.Reread(_utf8);
                _read = true;
            }

            return _json.Root;
        }
    }

    /// <summary>Takes the arguments of another call. The text has to stay until the next one.</summary>
    public void Set(ReadOnlyMemory<byte> utf8)
    {
        _utf8 = utf8;
        _read = false;
    }

    /// <summary>Whether recorded arguments have the very same text.</summary>
    public bool AreWrittenAs(ReadOnlyMemory<byte> recorded) => recorded.Span.SequenceEqual(_utf8.Span);
}
