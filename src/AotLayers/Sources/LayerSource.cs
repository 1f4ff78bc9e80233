using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>Opens whatever holds a layer and needs no Host Compute Service: a layer tar (plain, gzip, zstd), a transport folder, a recording.</summary>
public static class LayerSource
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Opens a source. What it is, is told by its content, not by its name.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    /// <exception cref="LayerException">It is none of these, or cannot be read.</exception>
    /// <exception cref="RecordingFormatException">The recording is malformed.</exception>
    public static LayerReader Open(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            return TransportFolderReader.Open(path, cancellationToken);
        }

        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize);
            if (!IsRecording(file))
            {
                return TarLayerReader.Open(file, path, cancellationToken: cancellationToken);
            }

            file.Dispose();
            return RecordingLayerReader.Open(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException and not LayerException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new LayerException(e.Message, new LayerErrorContext { Layer = path }, e);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>A recording is a JSON object; no tar and no compressed file begins with a brace.</summary>
    private static bool IsRecording(FileStream file)
    {
        bool brace = file.ReadByte() == '{';
        if (file.CanSeek)
        {
            file.Position = 0;
        }

        return brace;
    }
}
