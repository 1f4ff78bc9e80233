using AotLayers.Formats;

namespace AotLayers.App;

/// <summary>Finds entries by name, and copies the content of one, from request to result.</summary>
public static class ContentTask
{
    private const int MaxLinks = 16;

    /// <summary>Splits what a user calls a stream: <c>Files\notes.txt:ads.txt</c>, <c>C:\notes.txt:ads.txt:$DATA</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The path, and the stream's bare name; null for the main stream.</returns>
    public static (string Path, string? Stream) Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string Suffix = ":$DATA";
        bool drive = text.Length >= 2 && char.IsAsciiLetter(text[0]) && text[1] == ':' && (text.Length == 2 || text[2] is '\\' or '/');
        int colon = text.IndexOf(':', drive ? 2 : 0);
        if (colon < 0)
        {
            return (text, null);
        }

        string stream = text[(colon + 1)..];
        stream = stream.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? stream[..^Suffix.Length] : stream;
        return (text[..colon], stream.Length == 0 || stream.Equals("$DATA", StringComparison.OrdinalIgnoreCase) ? null : stream);
    }

    /// <summary>Copies the content of an entry; that of a hard link is its target's.</summary>
    /// <param name="request">The layer.</param>
    /// <param name="standardInput">What the source <c>-</c> stands for; null where it is a name like others.</param>
    /// <param name="path">Name of the entry, and behind a colon that of the stream.</param>
    /// <param name="output">Receives the bytes.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="LayerTaskException">There is no such entry or stream, or reading failed.</exception>
    public static void Copy(
        LayerRequest request, Stream? standardInput, string path, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        (string file, string? stream) = Split(path);
        string name = NamePattern.Parse(file).LiteralName;
        using var task = LayerTask.Start(request with { ReadAgain = true }, standardInput);
        for (int i = 0; i < MaxLinks; i++)
        {
            var search = new Search(name, stream, output, cancellationToken);
            SourceTask.Read(task, search.Visit, cancellationToken);
            if (search.LinkTarget is null)
            {
                task.CloseReader(complete: true);
                search.Check(request.Place with { Entry = name }, i > 0);
                task.CompleteRecording();
                return;
            }

            name = search.LinkTarget;
        }

        throw new LayerTaskException(new LayerException("hard links lead to each other"), request.Place with { Entry = name });
    }

    /// <summary>What a user may have meant by a name that is not there.</summary>
    internal static string? HintFor(string name, bool seenBelowFiles) =>
        seenBelowFiles ? $@"the entry is called Files\{name}: names begin at the layer, not at the drive" : null;

    private sealed class Search(string name, string? stream, Stream output, CancellationToken cancellationToken)
    {
        private readonly string _belowFiles = @"Files\" + name;
        private bool _found;
        private bool _copied;
        private bool _seenBelowFiles;
        private string? _problem;

        /// <summary>The entry is a link to this one.</summary>
        public string? LinkTarget { get; private set; }

        public void Visit(LayerEntry entry)
        {
            _seenBelowFiles |= NtfsNameComparer.Equals(entry.Name, _belowFiles);
            if (_found || !NtfsNameComparer.Equals(entry.Name, name))
            {
                return;
            }

            _found = true;
            LinkTarget = entry.HardLinkTarget;
            if (entry.IsTombstone)
            {
                _problem = "the entry is a tombstone: the layer hides a file of a parent, and has none";
            }
            else if (LinkTarget is null)
            {
                _copied = EntryContent.TryCopy(entry, stream, output, cancellationToken);
                _problem = _copied ? null
                    : stream is not null ? $"the entry has no stream '{stream}'"
                    : entry.Info.IsDirectory ? "the entry is a directory"
                    : entry.Info.IsReparsePoint ? "the entry is a link or another reparse point and has no content"
                    : "the entry has no content";
            }
        }

        public void Check(LayerErrorContext place, bool isLinkTarget)
        {
            if (!_found)
            {
                throw new LayerTaskException(
                    isLinkTarget
                        ? new LayerException(
                            "the target of the hard link is not in this layer, but in a parent",
                            place,
                            hint: _seenBelowFiles
                                ? $@"the layer has Files\{name}: the program that wrote the link left out what precedes it"
                                : "read the layer and its parents as one: --merged with --parent")
                        : new LayerException("there is no such entry", place, hint: HintFor(name, _seenBelowFiles)),
                    place);
            }

            if (_problem is not null)
            {
                throw new LayerTaskException(new LayerException(_problem, place), place);
            }
        }
    }
}
