using AotLayers.Formats;

namespace AotLayers;

/// <summary>Shows the entries of a transport folder, a recording or a layer of a machine to the rules, with their backup streams.</summary>
internal sealed class VerifyLayerSource(LayerReader reader, VerifyRun run)
{
    private readonly VerifyEntry _entry = new();

    /// <summary>Reads the layer.</summary>
    /// <exception cref="LayerException">It cannot be read; what is malformed is a finding instead.</exception>
    public void Read()
    {
        string? last = null;
        try
        {
            while (reader.GetNextEntry() is { } entry)
            {
                last = entry.Name;
                Describe(entry);
                run.Visit(_entry);
            }
        }
        catch (LayerException e) when (e.InnerException is LayerFormatException malformed)
        {
            run.ReportCut(VerifyRules.BackupStream, malformed.Entry ?? last, -1, malformed.Reason);
        }
    }

    private void Describe(LayerEntry entry)
    {
        _entry.Reset();
        _entry.Name = entry.IsTombstone ? WindowsPath.FromSlash(WhiteoutName.FromTombstone(entry.Name)) : entry.Name;
        _entry.Target = entry.IsTombstone ? entry.Name : entry.HardLinkTarget ?? "";
        _entry.HasSafeName = WindowsPath.IsSafeRelative(entry.Name, out _);
        _entry.Info = entry.IsTombstone ? null : entry.Info;
        _entry.LinkCount = entry.Links?.Count ?? 0;
        _entry.Kind = entry.IsTombstone ? VerifyEntryKind.Whiteout
            : entry.HardLinkTarget is not null ? VerifyEntryKind.HardLink
            : entry.Info.IsReparsePoint ? VerifyEntryKind.ReparsePoint
            : entry.Info.IsDirectory ? VerifyEntryKind.Directory
            : VerifyEntryKind.File;
        if (_entry.Kind is not (VerifyEntryKind.Whiteout or VerifyEntryKind.HardLink))
        {
            ReadStream(entry);
        }
    }

    private void ReadStream(LayerEntry entry)
    {
        bool hive = _entry.Kind == VerifyEntryKind.File && HiveFiles.Contains(entry.Name);
        bool hiveSeen = false;
        try
        {
            var metadata = LayerEntryMetadata.Read(entry.OpenBackupStream(), entry.Name, entry.Info, (stream, content) =>
            {
                if (hive && stream.Id == BackupStreamId.Data)
                {
                    hiveSeen = true;
                    _entry.HiveProblem = HiveFiles.FindProblem(new RecordStream(content), reader.CancellationToken);
                }
            });
            _entry.Metadata = metadata;
            _entry.Size = _entry.Kind == VerifyEntryKind.File ? metadata.Data?.Size ?? 0 : 0;
            _entry.Security = metadata.SecurityDescriptor is { } bytes ? run.Security.Of(bytes, raw: true) : null;
            _entry.HiveProblem = hive && !hiveSeen ? "it has no content" : _entry.HiveProblem;
        }
        catch (LayerFormatException e)
        {
            _entry.StreamProblem = e.Reason;
            _entry.StreamProblemId = e.StreamId ?? BackupStreamId.None;
        }
    }

    /// <summary>The payload of the current record.</summary>
    private sealed class RecordStream(BackupStreamReader records) : ForwardOnlyStream
    {
        private protected override int ReadNext(Span<byte> buffer) => records.Read(buffer);
    }
}
