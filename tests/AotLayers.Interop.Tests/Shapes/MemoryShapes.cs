using System.Runtime.InteropServices;

namespace AotLayers.Interop.Tests;

public struct StatInfo
{
    public int Kind;
    public long Size;
}

[NativeApi("memory", "libmemory.so", Success = SuccessRule.Zero)]
public static unsafe partial class Memory
{
    [LibraryImport("libmemory.so", EntryPoint = "memory_open", StringMarshalling = StringMarshalling.Utf8)]
    [SuccessWhen(SuccessRule.NonZero)]
    [return: Handle("store", HandleUse.Produced)]
    public static partial nint Open(string text);

    [LibraryImport("libmemory.so", EntryPoint = "memory_close")]
    public static partial void Close([Handle("store", HandleUse.Consumed)] nint store);

    [LibraryImport("libmemory.so", EntryPoint = "memory_text")]
    [return: LibraryText(Owner = nameof(store))]
    public static partial nint Text([Handle("store", HandleUse.Used)] nint store, int which);

    [LibraryImport("libmemory.so", EntryPoint = "memory_wide")]
    [return: LibraryText(Owner = nameof(store), Encoding = NativeTextEncoding.Utf16)]
    public static partial char* Wide([Handle("store", HandleUse.Used)] nint store);

    [LibraryImport("libmemory.so", EntryPoint = "memory_names")]
    [return: LibraryText(Owner = nameof(store), Count = nameof(count))]
    public static partial byte** Names([Handle("store", HandleUse.Used)] nint store, out int count);

    [LibraryImport("libmemory.so", EntryPoint = "memory_block")]
    public static partial int Block(
        [Handle("store", HandleUse.Used)] nint store,
        [LibraryMemory(Length = nameof(size), Owner = nameof(store))] out nint block,
        out nuint size,
        out long offset);

    [LibraryImport("libmemory.so", EntryPoint = "memory_column")]
    [return: LibraryMemory(LengthFunction = nameof(ColumnBytes), Owner = nameof(store))]
    public static partial byte* Column([Handle("store", HandleUse.Used)] nint store, int index);

    [LibraryImport("libmemory.so", EntryPoint = "memory_column_bytes")]
    [SuccessWhen(SuccessRule.Always)]
    public static partial int ColumnBytes([Handle("store", HandleUse.Used)] nint store, int index);

    [LibraryImport("libmemory.so", EntryPoint = "memory_info")]
    [return: LibraryMemory(Owner = nameof(store))]
    public static partial StatInfo* GetInfo([Handle("store", HandleUse.Used)] nint store);

    [LibraryImport("libmemory.so", EntryPoint = "memory_view")]
    [SuccessWhen(SuccessRule.Always)]
    public static partial long View(
        [Handle("store", HandleUse.Used)] nint store,
        [LibraryMemory(LengthByReturnValue = true, Owner = nameof(store))] out byte* view);

    [LibraryImport("libmemory.so", EntryPoint = "memory_explain")]
    [SuccessWhen(SuccessRule.Always)]
    public static partial int Explain(
        [Handle("store", HandleUse.Used)] nint store,
        [Handle("message", HandleUse.Produced), LibraryText] out nint message);

    [LibraryImport("libmemory.so", EntryPoint = "memory_free")]
    public static partial void Free([Handle("message", HandleUse.Consumed)] nint message);

    [LibraryImport("libmemory.so", EntryPoint = "memory_read")]
    [StreamRead(nameof(store), nameof(buffer))]
    [SuccessWhen(SuccessRule.Always)]
    public static partial nint Read(
        [Handle("store", HandleUse.Used)] nint store,
        [Buffer(Length = nameof(size), WrittenByReturnValue = true)] Span<byte> buffer,
        nuint size);
}

[NativeExports(typeof(Memory))]
public static partial class MemoryExports
{
    public static IMemory Api { get; set; } = new NativeMemory();

    private static IMemory GetApi() => Api;
}

/// <summary>The C library of these tests, compiled once.</summary>
internal static class MemoryLibrary
{
    public static string Path { get; } = CLibrary.Build("Shapes/memory.c").Path;
}

/// <summary>Text and blocks that stay the library's: recorded by content, served from memory that lives as long as its owner.</summary>
public sealed unsafe class MemoryShapes
{
    static MemoryShapes() => NativeMemory.UseLibrary(MemoryLibrary.Path);

    [Fact, Trait("Point", "1")]
    public void Library_memory_is_recorded_by_content_and_replayed()
    {
        string live = "";
        CallRecording recording = Roundtrip.Record(recorder => live = Program(new RecordingMemory(new NativeMemory(), recorder)));
        string replayed = "";
        Roundtrip.Replay(recording, replayer => replayed = Program(new ReplayingMemory(replayer)));
        Assert.Equal(live, replayed);
    }

    [Fact, Trait("Point", "1")]
    public void Two_recordings_of_one_run_are_equal()
    {
        // Addresses would differ.
        string first = Roundtrip.Lines(Roundtrip.Record(recorder => Program(new RecordingMemory(new NativeMemory(), recorder))));
        nint other = System.Runtime.InteropServices.Marshal.AllocHGlobal(100_000);
        string second = Roundtrip.Lines(Roundtrip.Record(recorder => Program(new RecordingMemory(new NativeMemory(), recorder))));
        System.Runtime.InteropServices.Marshal.FreeHGlobal(other);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Replayed_text_stays_where_it_is_until_its_owner_ends()
    {
        CallRecording recording = Roundtrip.Record(recorder => Twice(new RecordingMemory(new NativeMemory(), recorder)));
        Roundtrip.Replay(recording, replayer => Twice(new ReplayingMemory(replayer)));

        static void Twice(IMemory memory)
        {
            nint store = memory.Open("steady");
            nint first = memory.Text(store, 0);
            for (int i = 0; i < 1000; i++)
            {
                Assert.Equal(first, memory.Text(store, 0));
            }

            Assert.Equal("steady", Marshal.PtrToStringUTF8(first));
            memory.Close(store);
        }
    }

    [Fact]
    public void Faulted_call_gives_no_pointer()
    {
        FaultingMemory memory = new(new NativeMemory(), FaultPlan.Parse("""{"fail":[{"fn":"memory!Block","call":1,"code":"5"}]}"""));
        nint store = memory.Open("x");
        Assert.Equal(5, memory.Block(store, out nint block, out nuint size, out long offset));
        Assert.Equal((0, 0u, 0L), ((int)block, (uint)size, offset));
        memory.Close(store);
    }

    [Fact]
    public void Exports_serve_a_replays_memory()
    {
        CallRecording recording = Roundtrip.Record(recorder =>
        {
            RecordingMemory memory = new(new NativeMemory(), recorder);
            nint store = memory.Open("exported");
            memory.Text(store, 0);
            memory.Block(store, out _, out _, out _);
            memory.Close(store);
        });
        Roundtrip.Replay(recording, replayer =>
        {
            MemoryExports.Api = new ReplayingMemory(replayer);
            fixed (byte* name = "exported\0"u8)
            {
                nint store = ((delegate* unmanaged<byte*, nint>)MemoryExports.GetEntryPoint("memory_open"))(name);
                Assert.Equal(
                    "exported",
                    Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, int, nint>)MemoryExports.GetEntryPoint("memory_text"))(store, 0)));
                nint block = 0;
                nuint size = 0;
                long offset = 0;
                Assert.Equal(0, ((delegate* unmanaged<nint, nint*, nuint*, long*, int>)MemoryExports.GetEntryPoint("memory_block"))(
                    store,
                    &block,
                    &size,
                    &offset));
                Assert.Equal((16u, 100L, 239), ((uint)size, offset, ((byte*)block)[0]));
                ((delegate* unmanaged<nint, void>)MemoryExports.GetEntryPoint("memory_close"))(store);
            }
        });
    }

    private static string Program(IMemory memory)
    {
        System.Text.StringBuilder seen = new();
        nint store = memory.Open("déjà");
        seen.AppendLine(Marshal.PtrToStringUTF8(memory.Text(store, 0)));
        nint bad = memory.Text(store, 1);
        seen.AppendLine(Convert.ToHexString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)bad)));
        Assert.Equal(0, memory.Text(store, 2));
        seen.AppendLine(new string(memory.Wide(store)));
        byte** names = memory.Names(store, out int count);
        Assert.Equal(3, count);
        Assert.Equal("one", Marshal.PtrToStringUTF8((nint)names[0]));
        Assert.True(names[1] is null);
        Assert.Equal("déjà", Marshal.PtrToStringUTF8((nint)names[2]));
        Assert.Equal(-30, memory.View(store, out byte* view));
        Assert.Equal(0, memory.Explain(store, out nint message));
        Assert.Equal(0, message);
        while (memory.Block(store, out nint block, out nuint size, out long offset) == 0)
        {
            seen.AppendLine($"{offset} {Convert.ToHexString(new ReadOnlySpan<byte>((void*)block, (int)size))}");
        }

        byte* column = memory.Column(store, 4);
        seen.AppendLine(Convert.ToHexString(new ReadOnlySpan<byte>(column, memory.ColumnBytes(store, 4))));
        Assert.True(memory.Column(store, -1) is null);
        StatInfo* info = memory.GetInfo(store);
        Assert.Equal((5, long.MaxValue), (info->Kind, info->Size));
        Assert.Equal(4, memory.View(store, out view));
        seen.AppendLine(Convert.ToHexString(new ReadOnlySpan<byte>(view, 4)));
        Assert.Equal(7, memory.Explain(store, out message));
        seen.AppendLine(Marshal.PtrToStringUTF8(message));
        memory.Free(message);
        memory.Close(store);
        return seen.ToString();
    }
}
