using System.Buffers.Binary;
using AotLayers.App;
using AotLayers.Formats;

namespace AotLayers.Native;

/// <summary>
/// What a reader's handle stands for: an open source, its current entry, and how far its stream was read. One thread at a time.
/// </summary>
internal sealed unsafe class ReaderSession : IDisposable
{
    private readonly LayerTask _task;
    private readonly NativeTextBuffer _name = new();
    private readonly NativeTextBuffer _linkTarget = new();
    private readonly EntryMemory _memory = new();
    private readonly NativeTextBuffer _json = new();
    private LayerEntry? _entry;
    private LayerEntryMetadata? _metadata;
    private Stream? _stream;
    private bool _plain;
    private bool _ended;
    private bool _failed;

    private ReaderSession(LayerTask task) => _task = task;

    /// <summary>Opens a source.</summary>
    public static ReaderSession Open(LayerRequest request)
    {
        var task = LayerTask.Start(request);
        try
        {
            task.OpenReader(CancellationToken.None);
            return new ReaderSession(task);
        }
        catch
        {
            task.Dispose();
            throw;
        }
    }

    /// <summary>Goes on to the next entry.</summary>
    /// <returns>False at the end.</returns>
    public bool Next(out AotlEntry value)
    {
        value = default;
        _entry = null;
        _metadata = null;
        _stream = null;
        try
        {
            _entry = _task.Reader.GetNextEntry();
        }
        catch (Exception e)
        {
            _failed = true;
            throw _task.Explain(e) ?? e;
        }

        if (_entry is null)
        {
            _ended = true;
            return false;
        }

        Describe(_entry, ref value);
        return true;
    }

    /// <summary>Reads on in the current entry.</summary>
    /// <param name="buffer">Gets the bytes; not empty.</param>
    /// <param name="plain">Only the main data stream, rather than the backup stream.</param>
    /// <returns>How many; 0 at the end.</returns>
    public int Read(Span<byte> buffer, bool plain)
    {
        if (_entry is null)
        {
            throw new NativeCallException(
                ResultCodes.State,
                _ended ? "the layer has no further entry to read" : "there is no entry to read: call aotl_next first");
        }

        if (_metadata is not null)
        {
            throw new NativeCallException(
                ResultCodes.State, $"the stream of {_entry.Name} was read by aotl_entry_metadata: one of the two per entry");
        }

        if (_stream is null)
        {
            _stream = plain ? _entry.OpenDataStream() : _entry.OpenBackupStream();
            _plain = plain;
        }
        else if (_plain != plain)
        {
            throw new NativeCallException(
                ResultCodes.State,
                $"{_entry.Name} is being read by {(plain ? "aotl_read" : "aotl_read_data")}: one of the two per entry");
        }

        try
        {
            return _stream.Read(buffer);
        }
        catch (Exception e)
        {
            // Below a reader nobody knows which layer this is.
            _failed = true;
            throw _task.Explain(e, _entry.Name) ?? e;
        }
    }

    /// <summary>Metadata of the current entry, in memory that lives as long as the entry does.</summary>
    public AotlMetadata DescribeMetadata() => _memory.Describe(ReadMetadata());

    /// <summary>The same as JSON.</summary>
    public byte* WriteMetadata()
    {
        LayerEntryMetadata metadata = ReadMetadata();
        LayerEntry entry = _entry!;
        _json.Set(JsonText.OfObject(json =>
            EntryJson.WriteAll(json, entry, entry.IsTombstone || entry.HardLinkTarget is not null ? null : metadata, raw: false)));
        return _json.Pointer;
    }

    private LayerEntryMetadata ReadMetadata()
    {
        if (_entry is null)
        {
            throw new NativeCallException(
                ResultCodes.State, _ended ? "the layer has no further entry" : "there is no entry: call aotl_next first");
        }

        if (_metadata is null && _stream is not null)
        {
            throw new NativeCallException(
                ResultCodes.State, $"{_entry.Name} is being read by {(_plain ? "aotl_read_data" : "aotl_read")}: one of the two per entry");
        }

        try
        {
            return _metadata ??= LayerEntryMetadata.Read(_entry.OpenBackupStream(), _entry.Name, _entry.Info);
        }
        catch (Exception e)
        {
            _failed = true;
            throw _task.Explain(e, _entry.Name) ?? e;
        }
    }

    /// <summary>Closes everything; throws what makes the layer or its recording not to be trusted.</summary>
    public void Close()
    {
        try
        {
            _task.CloseReader(complete: _ended && !_failed);
            _task.CompleteRecording();
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Closes everything without a word about the layer.</summary>
    public void Dispose()
    {
        _task.Dispose();
        _name.Dispose();
        _linkTarget.Dispose();
        _memory.Dispose();
        _json.Dispose();
    }

    private void Describe(LayerEntry entry, ref AotlEntry value)
    {
        _name.Set(entry.Name);
        value.Name = _name.Pointer;
        value.NameLength = (ulong)_name.Length;
        value.Flags = (entry.IsTombstone ? EntryFlags.Tombstone : 0)
            | (entry.Info.IsDirectory ? EntryFlags.Directory : 0)
            | (entry.Info.IsReparsePoint ? EntryFlags.ReparsePoint : 0)
            | (entry.Links is null ? 0 : EntryFlags.HasLinks)
            | (entry.HardLinkTarget is null ? 0 : EntryFlags.HardLink);
        if (entry.HardLinkTarget is { } target)
        {
            _linkTarget.Set(target);
            value.LinkTarget = _linkTarget.Pointer;
        }

        value.Size = entry.Size;
        value.CreationTime = entry.Info.CreationTime;
        value.LastAccessTime = entry.Info.LastAccessTime;
        value.LastWriteTime = entry.Info.LastWriteTime;
        value.ChangeTime = entry.Info.ChangeTime;
        value.Attributes = entry.Info.FileAttributes;
        if (entry.Links is { } links)
        {
            value.LinkCount = links.Count;
            BinaryPrimitives.WriteUInt128LittleEndian(value.FileId, links.FileId);
        }
    }
}
