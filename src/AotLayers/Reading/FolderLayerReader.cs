
namespace AotLayers;

/// <summary>
/// What the readers that walk a folder have in common: the order of the walk, one open file at a time, and where an error was.
/// </summary>
public abstract class FolderLayerReader : LayerReader
{
    private IEnumerator<LayerFolderEntry>? _walk;
    private ILayerFile? _file;

    private protected FolderLayerReader(ILayerFolder folder, LayerErrorContext context, CancellationToken cancellationToken)
        : base(context, cancellationToken) => Folder = folder;

    /// <summary>The folder that is walked.</summary>
    private protected ILayerFolder Folder { get; }

    /// <summary>All entries in order.</summary>
    private protected abstract IEnumerable<LayerFolderEntry> Walk();

    /// <summary>Makes the layer entry of an opened file.</summary>
    private protected abstract LayerEntry Describe(LayerFolderEntry entry, ILayerFile file);

    /// <summary>Name of the file that is opened for an entry.</summary>
    private protected virtual string FileOf(LayerFolderEntry entry) => entry.Name;

    /// <summary>Called once when a reader that reached its end is closed or asked for its losses.</summary>
    private protected virtual void OnEnd()
    {
    }

    /// <summary>
    /// Everything strictly below a directory, depth-first, children in the order of their UTF-8 bytes; reparse points are not followed, and
    /// <c>Files\$Recycle.Bin</c> is left out with all below it (docs/formats/transport-folder.md#walk).
    /// </summary>
    private protected IEnumerable<LayerFolderEntry> Below(string directory)
    {
        var open = new Stack<(string Directory, IReadOnlyList<LayerFolderItem> Items, int Next)>();
        open.Push((directory, Folder.List(directory), 0));
        while (open.TryPop(out (string Directory, IReadOnlyList<LayerFolderItem> Items, int Next) level))
        {
            if (level.Next == level.Items.Count)
            {
                continue;
            }

            LayerFolderItem item = level.Items[level.Next];
            open.Push(level with { Next = level.Next + 1 });
            string name = level.Directory.Length == 0 ? item.Name : level.Directory + "\\" + item.Name;
            if (item.IsRealDirectory && name.Equals(@"Files\$Recycle.Bin", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            yield return new LayerFolderEntry(name, item);
            if (item.IsRealDirectory)
            {
                open.Push((name, Folder.List(name), 0));
            }
        }
    }

    private protected sealed override LayerEntry? ReadNextEntry()
    {
        CloseFile();
        string? entryName = null;
        try
        {
            _walk ??= Walk().GetEnumerator();
            if (!_walk.MoveNext())
            {
                OnEnd();
                return null;
            }

            LayerFolderEntry entry = _walk.Current;
            entryName = entry.Name;
            if (entry.Item is null)
            {
                return new LayerEntry(entry.Name);
            }

            _file = Folder.Open(FileOf(entry));
            return Describe(entry, _file);
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, ErrorContext with { Entry = entryName });
        }
    }

    private protected override void CloseCore(bool reportErrors)
    {
        CloseFile();
        _walk?.Dispose();
    }

    private void CloseFile()
    {
        ILayerFile? file = _file;
        _file = null;
        file?.Dispose();
    }
}

/// <summary>One step of a walk: an item of the folder, or a tombstone, which has none.</summary>
/// <param name="Name">Name relative to the layer, with backslashes.</param>
/// <param name="Item">The listing's item.</param>
internal readonly record struct LayerFolderEntry(string Name, LayerFolderItem? Item);
