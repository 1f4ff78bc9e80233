using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// The side file of an extraction: lines of JSON that hold all of a layer but the contents of its files
/// (docs/formats/extract-metadata.md#lines). Names are written as their UTF-16 units where JSON cannot carry them.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The writer writes to memory and holds nothing else")]
internal sealed class ExtractMetadata
{
    private const int ChunkSize = 48 * 1024;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    public ExtractMetadata(Stream output)
    {
        _output = output;
        _json = new Utf8JsonWriter(_line);
        Begin();
        _json.WriteString("format"u8, "aotlayers-extract"u8);
        _json.WriteNumber("version"u8, 1);
        End();
    }

    /// <summary>Writes the line of an entry; lines of its records follow.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="path">Where it is in the folder, when that is known already.</param>
    public void WriteEntry(LayerEntry entry, string? path)
    {
        Begin();
        WriteName("entry", entry.Name);
        if (path is not null)
        {
            _json.WriteString("path"u8, path);
        }

        if (entry.IsTombstone)
        {
            _json.WriteBoolean("tombstone"u8, true);
        }
        else
        {
            LayerFileInfo info = entry.Info;
            _json.WriteNumber("size"u8, entry.Size);
            _json.WriteNumber("creationTime"u8, info.CreationTime);
            _json.WriteNumber("lastAccessTime"u8, info.LastAccessTime);
            _json.WriteNumber("lastWriteTime"u8, info.LastWriteTime);
            _json.WriteNumber("changeTime"u8, info.ChangeTime);
            _json.WriteNumber("attributes"u8, info.FileAttributes);
            if (entry.HardLinkTarget is { } target)
            {
                WriteName("hardLink", target);
            }

            if (entry.Links is { } links)
            {
                _json.WriteNumber("links"u8, links.Count);
                _json.WriteString("fileId"u8, links.FileId.ToString("x32", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        End();
    }

    /// <summary>Writes the line of a record whose bytes are in the file that was extracted.</summary>
    public void WriteContentRecord(in BackupStreamHeader header)
    {
        BeginRecord(header);
        _json.WriteBoolean("inFile"u8, true);
        End();
    }

    /// <summary>Writes a record with its bytes.</summary>
    public void WriteRecord(in BackupStreamHeader header, ReadOnlySpan<byte> payload)
    {
        BeginRecord(header);
        _json.WriteBase64String("data"u8, payload);
        End();
    }

    /// <summary>Writes a record, reading its bytes: a long one in several lines.</summary>
    public void WriteRecord(BackupStreamReader reader, in BackupStreamHeader header)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            BeginRecord(header);
            while (true)
            {
                int got = 0;
                while (got < ChunkSize && reader.Remaining > 0)
                {
                    got += reader.Read(buffer.AsSpan(got, ChunkSize - got));
                }

                _json.WriteBase64String("data"u8, buffer.AsSpan(0, got));
                End();
                if (reader.Remaining == 0)
                {
                    return;
                }

                Begin();
                _json.WriteBoolean("more"u8, true);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void BeginRecord(in BackupStreamHeader header)
    {
        Begin();
        _json.WriteString("record"u8, BackupStreamIds.NameOf(header.Id));
        _json.WriteNumber("id"u8, (uint)header.Id);
        _json.WriteNumber("attributes"u8, (uint)header.Attributes);
        _json.WriteNumber("size"u8, header.Size);
        if (header.Name.Length > 0)
        {
            WriteName("name", header.Name);
        }

        if (header.Id == BackupStreamId.SparseBlock)
        {
            _json.WriteNumber("offset"u8, header.SparseOffset);
        }
    }

    /// <summary>A name as text; with a lone surrogate, which JSON cannot carry, its units in hexadecimal under <c>...U16</c>.</summary>
    private void WriteName(string key, string name)
    {
        if (ReferenceEquals(Wtf8.ReplaceLoneSurrogates(name), name))
        {
            _json.WriteString(key, name);
            return;
        }

        var units = new System.Text.StringBuilder(name.Length * 4);
        foreach (char unit in name)
        {
            units.Append(((int)unit).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
        }

        _json.WriteString(key + "U16", units.ToString());
    }

    private void Begin()
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        _output.Write(_line.WrittenSpan);
    }
}
