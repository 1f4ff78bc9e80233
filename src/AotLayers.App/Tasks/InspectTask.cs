using AotLayers.Formats;

namespace AotLayers.App;

/// <summary>Finds entries by name or pattern, and tells all of them.</summary>
public static class InspectTask
{
    /// <summary>Inspects.</summary>
    /// <param name="request">The layer.</param>
    /// <param name="standardInput">What the source <c>-</c> stands for; null where it is a name like others.</param>
    /// <param name="paths">Names, each of one entry, and patterns.</param>
    /// <param name="visit">Told of each entry that fits, in the order of the layer, with what its backup stream says.</param>
    /// <param name="done">Told of the reader after the last entry, when every path was found.</param>
    /// <param name="cancellationToken">Stops between entries and between reads.</param>
    /// <exception cref="LayerTaskException">A path fits no entry, or reading failed.</exception>
    public static void Run(
        LayerRequest request,
        Stream? standardInput,
        IReadOnlyList<string> paths,
        Action<LayerEntry, LayerEntryMetadata?> visit,
        Action<LayerReader>? done,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(visit);
        var patterns = new Wanted[paths.Count];
        for (int i = 0; i < patterns.Length; i++)
        {
            patterns[i] = new Wanted(paths[i]);
        }

        SourceTask.Run(
            request,
            standardInput,
            entry =>
            {
                bool wanted = false;
                foreach (Wanted pattern in patterns)
                {
                    wanted |= pattern.Takes(entry.Name);
                }

                if (wanted)
                {
                    visit(entry, entry.ReadMetadata());
                }
            },
            reader =>
            {
                foreach (Wanted pattern in patterns)
                {
                    pattern.Check(request.Place);
                }

                done?.Invoke(reader);
            },
            cancellationToken);
    }

    /// <summary>One path, and whether it was met.</summary>
    private sealed class Wanted(string text)
    {
        private readonly NamePattern _pattern = NamePattern.Parse(ContentTask.Split(text).Path);
        private bool _found;
        private bool _seenBelowFiles;

        public bool Takes(string name)
        {
            bool takes = _pattern.IsLiteral ? NtfsNameComparer.Equals(_pattern.LiteralName, name) : _pattern.Matches(name);
            _found |= takes;
            _seenBelowFiles |= _pattern.IsLiteral && NtfsNameComparer.Equals(@"Files\" + _pattern.LiteralName, name);
            return takes;
        }

        public void Check(LayerErrorContext place)
        {
            if (!_found)
            {
                place = place with { Entry = _pattern.IsLiteral ? _pattern.LiteralName : text };
                throw new LayerTaskException(
                    new LayerException(
                        _pattern.IsLiteral ? "there is no such entry" : "no entry fits the pattern",
                        place,
                        hint: _pattern.IsLiteral ? ContentTask.HintFor(_pattern.LiteralName, _seenBelowFiles) : null),
                    place);
            }
        }
    }
}
