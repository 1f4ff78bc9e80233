using System.IO.Compression;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>A loaded recording. Immutable, and safe to be used by several replays at once.</summary>
public sealed class CallRecording
{
    private CallIndex? _index;

    internal CallRecording(
        string source,
        RecordingOrigin origin,
        DataPolicy data,
        IReadOnlyDictionary<string, RecordedApi> apis,
        IReadOnlyList<RecordedCall> calls,
        RecordingContents contents,
        RecordedNames names)
    {
        Source = source;
        Origin = origin;
        Data = data;
        Apis = apis;
        Calls = calls;
        Contents = contents;
        Names = names;
        foreach (RecordedCall call in calls)
        {
            call.Recording = this;
        }
    }

    /// <summary>File name, or what else names the recording in errors.</summary>
    public string Source { get; }

    /// <summary>Where the calls come from.</summary>
    public RecordingOrigin Origin { get; }

    /// <summary>How much of the buffers was kept.</summary>
    public DataPolicy Data { get; }

    /// <summary>The APIs by name, in the file's order.</summary>
    public IReadOnlyDictionary<string, RecordedApi> Apis { get; }

    /// <summary>The finished calls in the file's order: that in which they came back.</summary>
    public IReadOnlyList<RecordedCall> Calls { get; }

    /// <summary>The finished callbacks, calls of the library to the program, in the file's order.</summary>
    public IReadOnlyList<RecordedCall> Callbacks
    {
        get;
        internal init
        {
            field = value;
            foreach (RecordedCall callback in value)
            {
                callback.Recording = this;
            }
        }
    } = [];

    /// <summary>True when the recorder ended properly. A recording that was cut has its finished calls all the same.</summary>
    public bool Complete { get; internal init; }

    /// <summary>The calls that were open at the cut.</summary>
    public IReadOnlyList<InFlightCall> InFlight { get; internal init; } = [];

    /// <summary>Loads a recording file.</summary>
    /// <exception cref="RecordingFormatException">The file is malformed, too big, or of an unknown version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CallRecording Load(string path, RecordingLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = new(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0
        });
        return Load(stream, path, limits);
    }

    /// <summary>Loads a recording from a stream.</summary>
    /// <param name="stream">The stream, read to its end.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="limits">Bounds on what is accepted.</param>
    /// <exception cref="RecordingFormatException">The content is malformed, too big, or of an unknown version.</exception>
    public static CallRecording Load(Stream stream, string source, RecordingLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        // As many bytes as a byte order mark has, which is looked for in one piece.
        byte[] first = new byte[3];
        int read = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        using PrefixedStream whole = new(first[..read], stream);

        // Compressed or not is told by the content.
        if (first is not [0x1F, 0x8B, _])
        {
            return new RecordingLoader(whole, source, limits ?? new RecordingLimits()).Load();
        }

        using GZipStream plain = new(whole, CompressionMode.Decompress);
        try
        {
            return new RecordingLoader(plain, source, limits ?? new RecordingLimits()).Load();
        }
        catch (InvalidDataException e)
        {
            throw new RecordingFormatException(source, 0, $"the compressed file is damaged: {e.Message}", e);
        }
    }

    /// <summary>The content of a recorded buffer: an object with <c>len</c> and <c>sha256</c>.</summary>
    /// <returns>The content, or null when the recording does not hold it.</returns>
    public byte[]? GetData(JsonElement buffer) => Contents.Get(buffer);

    /// <summary>The named API's facts, or null when no call of it could have been recorded.</summary>
    public RecordedApi? GetApi(string name) => Apis.GetValueOrDefault(name);

    /// <summary>The contents of the buffers.</summary>
    internal RecordingContents Contents { get; }

    /// <summary>The functions and handles.</summary>
    internal RecordedNames Names { get; }

    /// <summary>The order of the calls, worked out when it is asked for.</summary>
    internal CallIndex Index => _index ?? Interlocked.CompareExchange(ref _index, new CallIndex(this), null) ?? _index;

    /// <summary>The functions of an API that were called.</summary>
    internal IEnumerable<string> FunctionsOf(string api) =>
        Names.Functions.Where(function => function.Api == api && function.Calls > 0).Select(static function => function.Name);

    /// <summary>
    /// Throws when a function that was called has another declaration in this build. What else the API has may have changed.
    /// </summary>
    /// <exception cref="RecordingApiMismatchException">The recording has to be made again.</exception>
    public void CheckApi(NativeApiInfo api)
    {
        ArgumentNullException.ThrowIfNull(api);
        if (GetApi(api.Name) is RecordedApi recorded
            && recorded.FindChange(FunctionsOf(api.Name), name => api.FindFunction(name)?.Signature) is var (function, then, now))
        {
            throw new RecordingApiMismatchException(api.Name, function, then, now, Source);
        }
    }
}
