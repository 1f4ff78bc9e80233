using AotLayers.Formats;
using AotLayers.Hcs;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>
/// The streaming protocol (docs/windows/vmcompute.md#streaming-export), and what the originals left undefined about it
/// (docs/compatibility.md#what-is-different).
/// </summary>
public sealed class StreamingLayerReaderTests
{
    private readonly FakeVmcompute _vmcompute = new();

    [Fact]
    public void Names_lose_exactly_one_backslash_and_tombstones_have_nothing()
    {
        _vmcompute.Entries.Add(new FakeEntry(@"\Files", [], new FileBasicInfo { FileAttributes = 0x10, ChangeTime = 7 }));
        _vmcompute.Entries.Add(new FakeEntry("Files\\lone\ud800", [], Size: 3));
        _vmcompute.Entries.Add(new FakeEntry(@"\Files\gone", [], new FileBasicInfo { FileAttributes = 99 }, 5, Deleted: true));
        using StreamingLayerReader reader = Begin();

        LayerEntry entry = reader.GetNextEntry()!;
        Assert.Equal("Files", entry.Name);
        Assert.True(entry.Info.IsDirectory);
        Assert.Equal(7, entry.Info.ChangeTime);
        Assert.Null(entry.Links);

        entry = reader.GetNextEntry()!;
        Assert.Equal("Files\\lone\ud800", entry.Name);
        Assert.Equal(3, entry.Size);

        entry = reader.GetNextEntry()!;
        Assert.True(entry.IsTombstone);
        Assert.Equal(@"Files\gone", entry.Name);
        Assert.Equal(default, entry.Info);
        Assert.Equal(0, entry.Size);
        Assert.Equal(-1, entry.OpenBackupStream().ReadByte());

        Assert.Null(reader.GetNextEntry());
        Assert.Null(reader.GetNextEntry());
        Assert.Equal(["Begin C:\\l\\app", "Next", "Next", "Next", "Next"], _vmcompute.Calls);
    }

    [Fact]
    public void Parents_become_descriptors_in_order_and_trailing_separators_do_not_count()
    {
        using StreamingLayerReader reader = Begin(@"C:\l\near\", @"C:\l\base");
        Assert.Equal(["NameToGuid near", "NameToGuid base", @"Begin C:\l\app"], _vmcompute.Calls);
        Assert.Equal([@"C:\l\near\", @"C:\l\base"], _vmcompute.Parents.Select(p => p.Path));
        Assert.All(_vmcompute.Parents, p => Assert.Equal(0u, p.Flags));
        Assert.Equal(1, _vmcompute.Driver.Flavour);
        Assert.Equal("", _vmcompute.Driver.HomeDir);
    }

    [Fact]
    public void Streams_read_in_any_sizes_and_stop_at_the_end()
    {
        byte[] data = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", data, Size: 1));
        _vmcompute.LargestRead = 7;
        using StreamingLayerReader reader = Begin();
        Stream stream = reader.GetNextEntry()!.OpenBackupStream();
        Assert.Equal(0, stream.Read(default(Span<byte>)));
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        Assert.Equal(data, copy.ToArray());
        int calls = _vmcompute.Calls.Count;
        Assert.Equal(0, stream.Read(new byte[10]));
        Assert.Equal(calls, _vmcompute.Calls.Count);
        Assert.Equal(1000, stream.Position);
        Assert.False(stream.CanSeek);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\\")]
    [InlineData(null)]
    public void An_empty_name_is_an_error_and_errors_stay(string? name)
    {
        _vmcompute.Entries.Add(new FakeEntry(name, []));
        using StreamingLayerReader reader = Begin();
        LayerException first = Assert.Throws<LayerException>(reader.GetNextEntry);
        Assert.Contains("empty name", first.Message, StringComparison.Ordinal);
        Assert.Same(first, Assert.Throws<LayerException>(reader.GetNextEntry));
        Assert.Single(_vmcompute.Calls, "Next");
    }

    [Fact]
    public void A_failure_of_the_enumeration_names_call_code_and_layer_and_stays()
    {
        _vmcompute.LastResult = unchecked((int)0x80070005);
        using StreamingLayerReader reader = Begin(@"C:\l\base");
        LayerException first = Assert.Throws<LayerException>(reader.GetNextEntry);
        Assert.Equal("ExportLayerNext", first.Call);
        Assert.Equal(0x80070005u, first.Code);
        Assert.Equal(@"C:\l\app", first.Context.Layer);
        Assert.Equal([@"C:\l\base"], first.Context.Parents);
        Assert.Same(first, Assert.Throws<LayerException>(reader.GetNextEntry));
    }

    [Fact]
    public void A_failed_read_tells_entry_and_offset()
    {
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", new byte[100], Size: 80));
        _vmcompute.FailReadAt = 60;
        using StreamingLayerReader reader = Begin();
        Stream stream = reader.GetNextEntry()!.OpenBackupStream();
        LayerException e = Assert.Throws<LayerException>(() => stream.CopyTo(Stream.Null));
        Assert.Equal("ExportLayerRead", e.Call);
        Assert.Equal(0x80070017u, e.Code);
        Assert.Equal(@"Files\a", e.Context.Entry);
        Assert.Equal(60, e.Context.Offset);
    }

    /// <summary>A read that fails inside DATA, through every way to read: the stream, the main data, the tar.</summary>
    [Theory]
    [InlineData("stream")]
    [InlineData("data")]
    [InlineData("tar")]
    public void A_failed_read_tells_the_stream(string way)
    {
        var bytes = new MemoryStream();
        var writer = new BackupStreamWriter(bytes);
        writer.WriteRecord(BackupStreamId.SecurityData, new byte[20]);
        writer.WriteRecord(BackupStreamId.Data, new byte[100]);
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", bytes.ToArray(), Size: 100));
        _vmcompute.FailReadAt = 90;
        _vmcompute.LargestRead = 30;
        using StreamingLayerReader reader = Begin();
        LayerException e = Assert.Throws<LayerException>(() =>
        {
            if (way == "tar")
            {
                LayerExporter.Export(reader, Stream.Null);
                return;
            }

            LayerEntry entry = reader.GetNextEntry()!;
            (way == "data" ? entry.OpenDataStream() : entry.OpenBackupStream()).CopyTo(Stream.Null, 64);
        });
        Assert.Equal(("DATA", 90L, @"Files\a"), (e.Context.Stream, e.Context.Offset, e.Context.Entry));
        Assert.EndsWith(@"(layer C:\l\app, entry Files\a, stream DATA, offset 90)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_between_entries_tells_after_which()
    {
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", [], Size: 0));
        _vmcompute.LastResult = unchecked((int)0x80070005);
        using StreamingLayerReader reader = Begin();
        reader.GetNextEntry();
        LayerException e = Assert.Throws<LayerException>(reader.GetNextEntry);
        Assert.Equal((null, @"Files\a"), (e.Context.Entry, e.Context.AfterEntry));
        Assert.EndsWith(@"(0x5) (layer C:\l\app, after entry Files\a)", e.Message, StringComparison.Ordinal);
        Assert.Same(e, Assert.Throws<LayerException>(reader.GetNextEntry));
    }

    /// <summary>Damage inside an entry's stream is an error of the layer for every reader of it, not only for the export.</summary>
    [Fact]
    public void Damage_inside_the_main_data_is_an_error_of_the_layer()
    {
        var bytes = new MemoryStream();
        var writer = new BackupStreamWriter(bytes);
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.Data, 1000));
        writer.Write(new byte[400]);
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", bytes.ToArray(), Size: 1000));
        using StreamingLayerReader reader = Begin();
        Stream data = reader.GetNextEntry()!.OpenDataStream();
        LayerException e = Assert.Throws<LayerException>(() => data.CopyTo(Stream.Null));
        Assert.Equal((@"C:\l\app", @"Files\a", "DATA", 420L), (e.Context.Layer, e.Context.Entry, e.Context.Stream, e.Context.Offset));
    }

    [Fact]
    public void A_callee_that_claims_more_bytes_than_fit_is_not_believed()
    {
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", new byte[100], Size: 80));
        _vmcompute.ReadTooMuch = 100;
        using StreamingLayerReader reader = Begin();
        Stream stream = reader.GetNextEntry()!.OpenBackupStream();
        Assert.Contains("200 bytes", Assert.Throws<LayerException>(() => stream.Read(new byte[100])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_size_is_an_error()
    {
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", [], Size: -1));
        using StreamingLayerReader reader = Begin();
        Assert.Equal(@"Files\a", Assert.Throws<LayerException>(reader.GetNextEntry).Context.Entry);
    }

    [Fact]
    public void Begin_fails_without_an_end()
    {
        _vmcompute.BeginResult = unchecked((int)0x80070003);
        Assert.Equal("ExportLayerBegin", Assert.Throws<LayerException>(() => Begin()).Call);
        Assert.DoesNotContain("End", _vmcompute.Calls);
    }

    [Fact]
    public void End_is_called_once_and_nothing_after_it()
    {
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", new byte[10]));
        StreamingLayerReader reader = Begin();
        Stream stream = reader.GetNextEntry()!.OpenBackupStream();
        reader.Close();
        reader.Close();
        reader.Dispose();
        Assert.Single(_vmcompute.Calls, "End");
        int calls = _vmcompute.Calls.Count;
        Assert.Throws<ObjectDisposedException>(reader.GetNextEntry);
        Assert.Throws<ObjectDisposedException>(() => stream.Read(new byte[1]));
        Assert.Equal(calls, _vmcompute.Calls.Count);
    }

    [Fact]
    public void The_error_of_the_end_is_heard_after_a_complete_read()
    {
        _vmcompute.EndResult = unchecked((int)0x80070017);
        StreamingLayerReader reader = Begin();
        Assert.Null(reader.GetNextEntry());
        Assert.Equal("ExportLayerEnd", Assert.Throws<LayerException>(reader.Close).Call);
        reader.Close();
        Assert.Single(_vmcompute.Calls, "End");
    }

    [Fact]
    public void The_error_of_the_end_is_no_news_half_way_or_after_a_failure()
    {
        _vmcompute.EndResult = unchecked((int)0x80070017);
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", new byte[10], Size: 10));
        _vmcompute.FailReadAt = 0;
        StreamingLayerReader halfWay = Begin();
        halfWay.GetNextEntry();
        halfWay.Close();

        StreamingLayerReader failed = Begin();
        _vmcompute.Entries.Add(new FakeEntry("Files\\b", new byte[10], Size: 10));
        Stream stream = failed.GetNextEntry()!.OpenBackupStream();
        Assert.Throws<LayerException>(() => stream.ReadByte());
        Assert.Null(failed.GetNextEntry());
        failed.Close();
    }

    [Fact]
    public void An_entry_ends_when_the_reader_goes_on()
    {
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", new byte[10]));
        _vmcompute.Entries.Add(new FakeEntry("Files\\b", [1]));
        using StreamingLayerReader reader = Begin();
        LayerEntry first = reader.GetNextEntry()!;
        Stream stream = first.OpenBackupStream();
        Assert.Same(stream, first.OpenBackupStream());
        LayerEntry second = reader.GetNextEntry()!;
        Assert.Throws<ObjectDisposedException>(() => first.OpenBackupStream());
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
        Assert.Equal(1, second.OpenBackupStream().ReadByte());
    }

    [Fact]
    public void Cancellation_stops_between_entries_and_between_reads()
    {
        using var cancellation = new CancellationTokenSource();
        _vmcompute.Entries.Add(new FakeEntry("Files\\a", new byte[10]));
        using var reader = StreamingLayerReader.Begin(_vmcompute, new LayerLocation { Id = "x" }, cancellation.Token);
        Stream stream = reader.GetNextEntry()!.OpenBackupStream();
        stream.ReadByte();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => stream.Read(new byte[1]));
        Assert.Throws<OperationCanceledException>(reader.GetNextEntry);
    }

    [Fact]
    public void A_name_with_nul_is_refused_before_the_call()
    {
        Assert.Throws<ArgumentException>(() => Begin("C:\\l\\a\0b"));
        Assert.Empty(_vmcompute.Calls);
    }

    private StreamingLayerReader Begin(params string[] parents) =>
        StreamingLayerReader.Begin(_vmcompute, new LayerLocation { Id = @"C:\l\app", Parents = parents });
}
