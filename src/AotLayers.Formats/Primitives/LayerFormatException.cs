using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>
/// Bytes of a layer (backup stream, tar, reparse buffer, ...) do not follow their format, or cannot be carried over into another one.
/// </summary>
public sealed class LayerFormatException : Exception
{
    /// <summary>Creates an exception without details.</summary>
    public LayerFormatException()
    {
    }

    /// <summary>Creates an exception with a message only.</summary>
    public LayerFormatException(string message)
        : base(message)
    {
        Reason = message;
    }

    /// <summary>Creates an exception with a message and the error that caused it.</summary>
    public LayerFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
        Reason = message;
    }

    /// <summary>Creates an exception that says where the problem is.</summary>
    /// <param name="reason">What is wrong, without place.</param>
    /// <param name="entry">Name of the layer entry, if known.</param>
    /// <param name="streamId">Backup stream the problem is in, if any.</param>
    /// <param name="streamName">Name of that stream, if it has one.</param>
    /// <param name="offset">Offset in bytes from the start of the parsed bytes, or -1.</param>
    /// <param name="innerException">The error that caused this one, if any.</param>
    public LayerFormatException(
        string reason,
        string? entry = null,
        BackupStreamId? streamId = null,
        string? streamName = null,
        long offset = -1,
        Exception? innerException = null)
        : base(Compose(reason, entry, streamId, streamName, offset), innerException)
    {
        Reason = reason;
        Entry = entry;
        StreamId = streamId;
        StreamName = streamName;
        Offset = offset;
    }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; } = "";

    /// <summary>Name of the layer entry the problem is in, if known.</summary>
    public string? Entry { get; }

    /// <summary>Backup stream the problem is in, if any.</summary>
    public BackupStreamId? StreamId { get; }

    /// <summary>Name of that backup stream, if it has one.</summary>
    public string? StreamName { get; }

    /// <summary>Offset in bytes from the start of the parsed bytes; -1 when unknown.</summary>
    public long Offset { get; } = -1;

    /// <summary>The same error, told for an entry: parsers below the entry level do not know its name.</summary>
    /// <param name="entry">Name of the layer entry.</param>
    public LayerFormatException WithEntry(string entry) =>
        Entry is not null ? this : new LayerFormatException(Reason, entry, StreamId, StreamName, Offset, this);

    private static string Compose(string reason, string? entry, BackupStreamId? streamId, string? streamName, long offset)
    {
        if (entry is null && streamId is null && offset < 0)
        {
            return reason;
        }

        var text = new StringBuilder();
        if (entry is not null)
        {
            text.Append(entry).Append(": ");
        }

        text.Append(reason);
        if (streamId is { } id)
        {
            text.Append(CultureInfo.InvariantCulture, $" (stream {BackupStreamIds.NameOf(id)}");
            if (!string.IsNullOrEmpty(streamName))
            {
                text.Append(CultureInfo.InvariantCulture, $" '{streamName}'");
            }

            text.Append(offset < 0 ? ")" : string.Create(CultureInfo.InvariantCulture, $", offset {offset})"));
        }
        else if (offset >= 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" (offset {offset})");
        }

        return text.ToString();
    }
}
