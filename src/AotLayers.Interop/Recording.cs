namespace AotLayers.Interop;

/// <summary>surface</summary>
public sealed class Recording
{
    private Recording(string source, RecordingOrigin origin, bool complete)
    {
        Source = source;
        Origin = origin;
        Complete = complete;
    }

    /// <summary>File name, or what else names the recording.</summary>
    public string Source { get; }

    /// <summary>Where the calls come from.</summary>
    public RecordingOrigin Origin { get; }

    /// <summary>True when the recorder ended properly.</summary>
    public bool Complete { get; }

    /// <summary>Loads a recording file.</summary>
    /// <exception cref="RecordingFormatException">The file is malformed.</exception>
    public static Recording Load(string path, RecordingLimits? limits = null) => throw new NotSupportedException(path + limits + new Recording("", RecordingOrigin.Current(""), false));

    /// <summary>Loads a recording from a stream.</summary>
    /// <param name="stream">The stream, read to its end.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="limits">Bounds on what is accepted.</param>
    /// <exception cref="RecordingFormatException">The content is malformed.</exception>
    public static Recording Load(Stream stream, string source, RecordingLimits? limits = null) => throw new NotSupportedException(stream + source + limits);
}
