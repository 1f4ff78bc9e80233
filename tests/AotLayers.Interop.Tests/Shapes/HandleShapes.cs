using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AotLayers.Interop.Tests;

/// <summary>Owns a thing of handles.c; its release is no call of the interface.</summary>
public sealed partial class ThingHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>How often the library was asked to release one.</summary>
    public static int Releases { get; private set; }

    protected override bool ReleaseHandle()
    {
        Releases++;
        return Close(handle) == 0;
    }

    [LibraryImport("libhandles.so", EntryPoint = "thing_close")]
    private static partial int Close(nint thing);
}

[NativeApi("handles", Library, Success = SuccessRule.Zero)]
public static partial class Handles
{
    private const string Library = "libhandles.so";

    [LibraryImport(Library, EntryPoint = "thing_open"), SuccessWhen(SuccessRule.NotNull)]
    [return: Handle("thing", HandleUse.Borrowed)]
    public static partial ThingHandle Open(int value);

    [LibraryImport(Library, EntryPoint = "thing_make")]
    public static partial int Make(int value, [Handle("thing", HandleUse.Borrowed)] out ThingHandle thing);

    [LibraryImport(Library, EntryPoint = "thing_add"), SuccessWhen(SuccessRule.Always)]
    public static partial int Add([Handle("thing", HandleUse.Used)] ThingHandle a, [Handle("thing", HandleUse.Used)] ThingHandle b);

    [LibraryImport(Library, EntryPoint = "things_open"), SuccessWhen(SuccessRule.Always)]
    public static partial int Count();

    [LibraryImport(Library, EntryPoint = "things_sum"), SuccessWhen(SuccessRule.Always)]
    public static partial int Sum(
        [Buffer(Length = nameof(count)), Handle("thing", HandleUse.Used)] ReadOnlySpan<nint> things,
        int count);

    [LibraryImport(Library, EntryPoint = "file_open"), SuccessWhen(SuccessRule.NonNegative)]
    [return: Handle("file", HandleUse.Produced)]
    public static partial int OpenFile();

    [LibraryImport(Library, EntryPoint = "token_open"), SuccessWhen(SuccessRule.NonNegative)]
    [return: Handle("token", HandleUse.Produced)]
    public static partial int OpenToken();

    [LibraryImport(Library, EntryPoint = "any_close", SetLastError = true)]
    public static partial int CloseAny([Handle("file|token", HandleUse.ConsumedOnSuccess)] int handle);

    [LibraryImport(Library, EntryPoint = "file_at"), SuccessWhen(SuccessRule.Always)]
    public static partial int At([Handle("file", HandleUse.Used, Pseudo = [-100])] int place, int step);
}

/// <summary>Entry points of the same functions.</summary>
[NativeExports(typeof(Handles))]
public static partial class HandleExports
{
    private static IHandles GetApi() => new NativeHandles();

    static partial void OnException(string export, Exception exception) => Thrown = exception;

    internal static Exception? Thrown { get; private set; }
}

/// <summary>SafeHandle, handles of several kinds, values that are always there.</summary>
public sealed class HandleShapes
{
    static HandleShapes() => NativeHandles.UseLibrary(CLibrary.Build("Shapes/handles.c").Path);

    [Fact]
    public void Safe_handles_are_returned_come_out_and_go_in()
    {
        CallRecording recording = Roundtrip.Record(static r =>
        {
            NativeHandles native = new();
            int before = native.Count();
            Program(new RecordingHandles(native, r));
            Assert.Equal(before, native.Count());
        });
        string lines = Roundtrip.Lines(recording);
        Assert.Contains("\"a\":{\"$handle\":\"thing#?1\"},\"b\":{\"$handle\":\"thing#?2\"}", lines, StringComparison.Ordinal);

        // What a replay gives is never released: nothing native stands behind it.
        int released = ThingHandle.Releases;
        Roundtrip.Replay(recording, static r => Program(new ReplayingHandles(r)));
        Assert.Equal(released, ThingHandle.Releases);
        using Replayer other = new(recording);
        ReplayingHandles replayed = new(other);
        using ThingHandle first = replayed.Open(5);
        replayed.Make(7, out ThingHandle second);
        ReplayMismatchException e = Assert.Throws<ReplayMismatchException>(() => replayed.Add(second, first));
        Assert.Contains("argument in.a", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Faulted_calls_give_safe_handles_that_hold_nothing()
    {
        var plan = FaultPlan.Parse("""{"fail":[{"fn":"Open","code":"12"},{"fn":"Make","code":"22"}]}""");
        FaultingHandles handles = new(new NativeHandles(), plan);
        using ThingHandle none = handles.Open(5);
        Assert.True(none is null or { IsInvalid: true });
        Assert.Equal(22, handles.Make(7, out ThingHandle made));
        Assert.True(made is null or { IsInvalid: true });
        plan.VerifyComplete();
    }

    [Fact]
    public unsafe void Exports_pass_safe_handles_as_pointers()
    {
        var open = (delegate* unmanaged<int, nint>)HandleExports.GetEntryPoint("thing_open");
        var make = (delegate* unmanaged<int, nint*, int>)HandleExports.GetEntryPoint("thing_make");
        var add = (delegate* unmanaged<nint, nint, int>)HandleExports.GetEntryPoint("thing_add");
        nint a = open(20);
        nint b = 0;
        Assert.Equal(0, make(3, &b));
        Assert.NotEqual(0, a);
        Assert.Null(HandleExports.Thrown);
        Assert.Equal(23, add(a, b));
        Assert.Equal(0, open(-1));
        nint none = 5;
        Assert.Equal(22, make(-1, &none));
        Assert.Null(HandleExports.Thrown);

        // The caller has them now: collecting what stood for them here does not end them.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(23, add(a, b));
    }

    [Fact]
    public void Handles_in_a_span_are_told_apart()
    {
        CallRecording recording = Roundtrip.Record(static r => Run(new RecordingHandles(new NativeHandles(), r)));
        Assert.Contains(
            "\"things\":[{\"$handle\":\"thing#?2\"},{\"$handle\":\"thing#?1\"},{\"$handle\":\"thing#?2\"}]",
            Roundtrip.Lines(recording),
            StringComparison.Ordinal);
        Roundtrip.Replay(recording, static r => Run(new ReplayingHandles(r)));

        static void Run(IHandles handles)
        {
            using ThingHandle a = handles.Open(1);
            using ThingHandle b = handles.Open(10);
            nint[] list = [b.DangerousGetHandle(), a.DangerousGetHandle(), b.DangerousGetHandle()];
            Assert.Equal(21, handles.Sum(list, 3));
        }
    }

    [Fact, Trait("Point", "11")]
    public void One_function_ends_handles_of_several_kinds()
    {
        CallRecording recording = Roundtrip.Record(static r => Run(new RecordingHandles(new NativeHandles(), r)));
        string lines = Roundtrip.Lines(recording);
        Assert.Contains("\"in\":{\"handle\":{\"$handle\":\"token#1\"}}", lines, StringComparison.Ordinal);
        Assert.Contains("\"in\":{\"handle\":{\"$handle\":\"file#1\"}}", lines, StringComparison.Ordinal);
        Roundtrip.Replay(recording, static r => Run(new ReplayingHandles(r)));

        // Closed twice: the life of a handle is known whichever kind it has.
        CallRecording twice = Roundtrip.Record(static r =>
        {
            RecordingHandles handles = new(new NativeHandles(), r);
            int token = handles.OpenToken();
            handles.CloseAny(token);
            handles.CloseAny(token);
            handles.OpenFile();
        });
        Assert.Equal(
            [RecordingFindingKind.HandleUsedAfterEnd, RecordingFindingKind.HandleLeaked],
            RecordingCheck.Run(twice, [HandlesApi.Info]).Select(static f => f.Kind));

        static void Run(IHandles handles)
        {
            int file = handles.OpenFile();
            int token = handles.OpenToken();
            Assert.Equal(-1, handles.CloseAny(7));
            Assert.Equal(9, Marshal.GetLastPInvokeError());
            Assert.Equal(0, handles.CloseAny(token));
            Assert.Equal(0, handles.CloseAny(file));
        }
    }

    [Fact, Trait("Point", "6")]
    public void Pseudo_handles_are_recorded_as_they_are()
    {
        CallRecording recording = Roundtrip.Record(static r => Run(new RecordingHandles(new NativeHandles(), r)));
        Assert.Contains("\"in\":{\"place\":-100,\"step\":3}", Roundtrip.Lines(recording), StringComparison.Ordinal);
        Assert.Empty(RecordingCheck.Run(recording, [HandlesApi.Info]));
        Roundtrip.Replay(recording, static r => Run(new ReplayingHandles(r)));

        static void Run(IHandles handles)
        {
            Assert.Equal(3, handles.At(-100, 3));
            int file = handles.OpenFile();
            Assert.True(handles.At(file, 1) > 0);
            Assert.Equal(0, handles.CloseAny(file));
        }
    }

    private static void Program(IHandles handles)
    {
        using ThingHandle a = handles.Open(5);
        Assert.Equal(0, handles.Make(7, out ThingHandle b));
        using ThingHandle ended = b;
        Assert.False(a.IsInvalid);
        Assert.Equal(12, handles.Add(a, b));
        using ThingHandle none = handles.Open(-1);
        Assert.True(none.IsInvalid);
        Assert.Equal(22, handles.Make(-1, out ThingHandle failed));
        Assert.True(failed.IsInvalid);
    }
}
