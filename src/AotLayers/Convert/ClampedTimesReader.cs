using AotLayers.Formats;

namespace AotLayers;

/// <summary>A layer whose times end at a given one: later ones become it (the convention of SOURCE_DATE_EPOCH).</summary>
internal sealed class ClampedTimesReader(LayerReader inner, long latest) : LayerReader(inner.ErrorContext, inner.CancellationToken)
{
    public override string Kind => inner.Kind;

    internal override bool IsOfCalls => inner.IsOfCalls;

    private protected override LayerEntry? ReadNextEntry()
    {
        if (ReadNextEntryOf(inner) is not { } entry)
        {
            return null;
        }

        LayerFileInfo info = entry.Info;
        if (entry.IsTombstone
            || Math.Max(Math.Max(info.CreationTime, info.LastAccessTime), Math.Max(info.LastWriteTime, info.ChangeTime)) <= latest)
        {
            return entry;
        }

        info = info with
        {
            CreationTime = Math.Min(info.CreationTime, latest),
            LastAccessTime = Math.Min(info.LastAccessTime, latest),
            LastWriteTime = Math.Min(info.LastWriteTime, latest),
            ChangeTime = Math.Min(info.ChangeTime, latest),
        };
        return new LayerEntry(entry.Name, entry.Size, info, entry.Links, entry.OpenBackupStream)
        {
            HardLinkTarget = entry.HardLinkTarget,
            Reader = entry.Reader,
        };
    }

    private protected override void CloseCore(bool reportErrors) => CloseInner(inner, reportErrors);
}
