using System.Buffers;
using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>Converts a layer, from request to result. The destination appears whole or not at all.</summary>
public sealed class ConvertTask : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly ConvertRequest _request;
    private readonly List<LayerTask> _tasks = [];
    private readonly IProgress<ExportProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private Stream? _standardInput;
    private Stream? _spool;

    private ConvertTask(
        ConvertRequest request, Stream? standardInput, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        _request = request;
        _standardInput = standardInput;
        _progress = progress;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Converts.</summary>
    /// <param name="request">What to convert.</param>
    /// <param name="standardInput">What <c>-</c> stands for as the source; null where it is a name like others. Closed.</param>
    /// <param name="output">Takes the tar where the destination is <c>-</c>; null where that is a name like others.</param>
    /// <param name="progress">Told after each entry of a tar; null for nobody.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="UsageException">The request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">Reading or writing failed. Nothing appeared at the destination.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. Nothing appeared at the destination.</exception>
    public static ConvertResult Run(
        ConvertRequest request,
        Stream? standardInput,
        Stream? output,
        IProgress<ExportProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Check();
        using var task = new ConvertTask(request, standardInput, progress, cancellationToken);
        RootfsOptions? rootfs = request.FromLinux ? request.RootfsOptions : null;
        try
        {
            ConvertResult result = request.ChosenTarget switch
            {
                ConvertTarget.Folder => task.ToFolder(rootfs),
                ConvertTarget.Recording => task.ToRecording(rootfs),
                _ => task.ToTar(rootfs, output),
            };
            task.Complete();
            return result;
        }
        catch (Exception e) when (task.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LayerTask task in _tasks)
        {
            task.Dispose();
        }

        _spool?.Dispose();
        _standardInput?.Dispose();
    }

    private ConvertResult ToTar(RootfsOptions? rootfs, Stream? output)
    {
        var options = new ExportOptions
        {
            Compression = _request.ChosenCompression,
            Progress = _progress,
            Tar = new LayerTarWriterOptions { UnknownReparsePoints = _request.Layer.Unsupported, Lossless = _request.Layer.Lossless },
        };
        ExportSummary summary;
        using (LayerReader reader = _request.LinkDuplicates
            ? LayerConversion.LinkDuplicates(token => Open(rootfs, again: true, token), _cancellationToken)
            : Open(rootfs, again: false, _cancellationToken))
        {
            if (output is not null && _request.Destination == "-")
            {
                summary = LayerExporter.Export(reader, output, options, _cancellationToken);
            }
            else
            {
                using var file = AtomicOutputFile.Create(_request.Destination);
                summary = LayerExporter.Export(reader, file.Stream, options, _cancellationToken);
                _cancellationToken.ThrowIfCancellationRequested();
                file.Commit();
            }
        }

        return new ConvertResult
        {
            Source = _request.Layer.Source,
            Destination = _request.Destination,
            Target = ConvertTarget.Tar,
            Reader = summary.Reader,
            Entries = summary.Entries,
            Tombstones = summary.Tombstones,
            HardLinks = summary.HardLinks,
            FileBytes = summary.FileBytes,
            Tar = summary,
            Losses = summary.Losses,
            Warnings = summary.Warnings,
        };
    }

    private ConvertResult ToFolder(RootfsOptions? rootfs)
    {
        using LayerReader reader = LayerConversion.CopyLinks(token => Open(rootfs, again: true, token), _cancellationToken);
        var options = new TransportFolderOptions
        {
            Lossless = _request.Layer.Lossless,
            SkipUnsupported = _request.Layer.Unsupported == UnknownReparsePoints.Drop,
        };
        TransportFolderSummary summary = TransportFolderWriter.Write(reader, _request.Destination, options, _cancellationToken);
        return new ConvertResult
        {
            Source = _request.Layer.Source,
            Destination = _request.Destination,
            Target = ConvertTarget.Folder,
            Reader = summary.Reader,
            Entries = summary.Entries,
            Tombstones = summary.Tombstones,
            HardLinks = summary.HardLinks,
            FileBytes = summary.FileBytes,
            Losses = summary.Losses,
            Warnings = summary.Warnings,
        };
    }

    private ConvertResult ToRecording(RootfsOptions? rootfs)
    {
        using LayerReader reader = LayerConversion.CopyLinks(token => Open(rootfs, again: true, token), _cancellationToken);
        using var file = AtomicOutputFile.Create(_request.Destination);
        long entries = 0;
        long tombstones = 0;
        long bytes = 0;
        using Stream spool = SpoolFile.Create();
        using (var recorder = Recorder.Create(
            spool, new RecorderOptions { Origin = RecordingOrigin.Current(RecordingOrigin.Simulated) }))
        {
            var calls = new RecordingVmcompute(LayerConversion.Serve(reader), recorder);
            using var recorded = StreamingLayerReader.Begin(calls, new LayerLocation { Id = LayerId }, _cancellationToken);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            while (recorded.GetNextEntry() is { } entry)
            {
                Stream stream = entry.OpenBackupStream();
                while (stream.Read(buffer.AsSpan(0, BufferSize)) > 0)
                {
                    _cancellationToken.ThrowIfCancellationRequested();
                }

                entries += entry.IsTombstone ? 0 : 1;
                tombstones += entry.IsTombstone ? 1 : 0;
                bytes += entry.Size;
            }

            ArrayPool<byte>.Shared.Return(buffer);
            recorded.Close();
            recorder.Complete();
            if (recorder.Failure is { } failure)
            {
                throw new RecordingFailedException(_request.Destination, failure);
            }
        }

        reader.Close();
        spool.Position = 0;
        spool.CopyTo(file.Stream);
        _cancellationToken.ThrowIfCancellationRequested();
        file.Commit();
        return new ConvertResult
        {
            Source = _request.Layer.Source,
            Destination = _request.Destination,
            Target = ConvertTarget.Recording,
            Reader = reader.Kind,
            Entries = entries,
            Tombstones = tombstones,
            HardLinks = 0,
            FileBytes = bytes,
            Losses = [.. reader.Losses],
            Warnings = [.. reader.Warnings],
        };
    }

    /// <summary>What the layer is called in a recording: by the recording's own name, no path of this machine.</summary>
    private string LayerId
    {
        get
        {
            string name = WindowsPath.BaseName(_request.Destination);
            int dot = name.IndexOf('.', StringComparison.Ordinal);
            name = dot > 0 ? name[..dot] : name;
            return @"C:\layers\" + (name is "" or "-" ? "layer" : name);
        }
    }

    private LayerReader Open(RootfsOptions? rootfs, bool again, CancellationToken cancellationToken)
    {
        LayerReader reader;
        if (rootfs is not null)
        {
            string name = _standardInput is null && _spool is null ? _request.Layer.Source : "standard input";
            reader = RootfsReader.Open(() => OpenInput(again: true) ?? OpenFile(), name, rootfs, cancellationToken);
        }
        else
        {
            var task = LayerTask.Start(_request.Layer, OpenInput(again));
            _tasks.Add(task);
            task.OpenReader(cancellationToken);
            reader = task.Reader;
        }

        return _request.SourceDateEpoch is { } epoch ? LayerConversion.ClampTimes(reader, epoch) : reader;
    }

    private FileStream OpenFile() =>
        new(_request.Layer.Source, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize);

    /// <summary>Standard input, where the source is it; a copy of it where it is read more than once.</summary>
    private Stream? OpenInput(bool again)
    {
        if (_standardInput is { } input)
        {
            _standardInput = null;
            if (!again)
            {
                return input;
            }

            using (input)
            {
                _spool = SpoolFile.Copy(input, _cancellationToken);
            }
        }

        return _spool is null ? null : LayerConversion.View(_spool);
    }

    private void Complete()
    {
        foreach (LayerTask task in _tasks)
        {
            task.CloseReader(complete: true);
            task.CompleteRecording();
        }
    }

    private Exception? Explain(Exception error)
    {
        if (_tasks.Count > 0)
        {
            return _tasks[^1].Explain(error);
        }

        return error is LayerTaskException or UsageException or OperationCanceledException
            ? null
            : new LayerTaskException(error, new LayerErrorContext { Layer = _request.Layer.Source });
    }
}
