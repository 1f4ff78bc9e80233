using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// A layer without hard links, for what cannot hold them: each link becomes a copy of its file. The layer is read twice; files that have
/// links are kept in memory while they are small and in temporary files without a name when they are not.
/// </summary>
internal sealed class CopiedLinksReader : LayerReader
{
    private readonly LayerReader _inner;
    private readonly HashSet<string> _wanted;
    private readonly Dictionary<string, Kept> _kept = new(NtfsNameComparer.Instance);

    private CopiedLinksReader(LayerReader inner, HashSet<string> wanted)
        : base(inner.ErrorContext, inner.CancellationToken)
    {
        _inner = inner;
        _wanted = wanted;
    }

    public override string Kind => _inner.Kind;

    /// <summary>Opens a layer.</summary>
    /// <param name="open">Opens it; called twice where it has links.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static LayerReader Open(Func<CancellationToken, LayerReader> open, CancellationToken cancellationToken)
    {
        var wanted = new HashSet<string>(NtfsNameComparer.Instance);
        LayerReader names = open(cancellationToken);
        if (names.IsOfCalls)
        {
            return names;
        }

        using (names)
        {
            while (names.GetNextEntry() is { } entry)
            {
                if (entry.HardLinkTarget is { } target)
                {
                    wanted.Add(target);
                }
            }
        }

        return new CopiedLinksReader(open(cancellationToken), wanted);
    }

    private protected override LayerEntry? ReadNextEntry()
    {
        if (ReadNextEntryOf(_inner) is not { } entry)
        {
            return null;
        }

        if (entry.HardLinkTarget is { } target)
        {
            return Copy(entry, target);
        }

        if (entry.IsTombstone || !_wanted.Contains(entry.Name))
        {
            return entry;
        }

        Stream content = SpoolFile.Copy(entry.OpenBackupStream(), CancellationToken);
        _kept.Add(entry.Name, new Kept(content, entry.Size, entry.Info));
        return Describe(entry.Name, content, entry.Size, entry.Info);
    }

    private protected override void CloseCore(bool reportErrors)
    {
        foreach (Kept kept in _kept.Values)
        {
            kept.Content.Dispose();
        }

        CloseInner(_inner, reportErrors);
    }

    private LayerEntry Copy(LayerEntry entry, string target)
    {
        if (!_kept.TryGetValue(target, out Kept? kept))
        {
            throw new LayerFormatException(
                $"a hard link to '{target}', which is not in this layer before it: its content cannot be copied", entry.Name);
        }

        AddLoss(new LayerLossRecord(
            entry.Name, "hardLinkCopied", $"{entry.Name}: the hard link to {target} becomes a copy: links have no form there"));

        // What is a link of a link means the same file.
        if (_wanted.Contains(entry.Name))
        {
            _kept.TryAdd(entry.Name, kept);
        }

        return Describe(entry.Name, kept.Content, kept.Size, kept.Info, target);
    }

    private static LayerEntry Describe(string name, Stream content, long size, in LayerFileInfo info, string? copyOf = null)
    {
        content.Position = 0;
        return new LayerEntry(name, size, info, null, () => new OffsetStream(content, 0)) { CopyOf = copyOf };
    }

    /// <summary>A file that has links.</summary>
    private sealed class Kept(Stream content, long size, LayerFileInfo info)
    {
        public Stream Content => content;

        public long Size => size;

        public LayerFileInfo Info => info;
    }
}
