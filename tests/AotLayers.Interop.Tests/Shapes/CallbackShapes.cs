using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotLayers.Interop.Tests;

[NativeApi("callbacks", "libcallbacks.so", Success = SuccessRule.Always)]
public static unsafe partial class Callbacks
{
    /// <summary>A delegate with a context.</summary>
    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_visit")]
    public static partial int Visit(int count, [Callback(Context = nameof(context))] Visit visit, nint context);

    /// <summary>A function pointer whose arguments a delegate type describes.</summary>
    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_sort")]
    public static partial int Sort(
        [Buffer(Length = nameof(count), WrittenByReturnValue = true)] Span<int> numbers,
        int count,
        [Callback(Signature = typeof(CompareNumbers))] delegate* unmanaged[Cdecl]<int*, int*, int> with);

    /// <summary>A function pointer with nothing but numbers.</summary>
    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_plain")]
    public static partial int Plain([Callback] delegate* unmanaged<int, double, int> plain, int times);

    /// <summary>The program fills room of the library's.</summary>
    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_checksum")]
    public static partial long Checksum([Callback(Context = nameof(context))] ReadInto read, nint context);

    /// <summary>The program hands over memory of its own.</summary>
    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_pull")]
    public static partial long Pull([Callback(Context = nameof(context), Signature = typeof(Pull))] nint pull, nint context);

    /// <summary>The library hands over memory of its own.</summary>
    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_push")]
    public static partial int Push([Callback(Context = nameof(context))] Push write, nint context);

    /// <summary>Structs come with the callback.</summary>
    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_notice")]
    public static partial int Notice([Callback(Context = nameof(context))] Tell tell, nint context);

    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_machine")]
    [SuccessWhen(SuccessRule.NonZero)]
    [return: Handle("machine", HandleUse.Produced)]
    public static partial nint Machine();

    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_on_event")]
    public static partial void OnEvent(
        [Handle("machine", HandleUse.Used)] nint machine,
        [Callback(Context = nameof(context), Lifetime = CallbackLifetime.Registered)] OnEvent? handler,
        nint context);

    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_step")]
    public static partial int Step([Handle("machine", HandleUse.Used)] nint machine);

    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_start")]
    public static partial int Start([Handle("machine", HandleUse.Used)] nint machine);

    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_join")]
    public static partial int Join([Handle("machine", HandleUse.Used)] nint machine);

    [LibraryImport("libcallbacks.so", EntryPoint = "callbacks_end")]
    public static partial void End([Handle("machine", HandleUse.Consumed)] nint machine);
}

[NativeExports(typeof(Callbacks))]
public static partial class CallbackExports
{
    public static ICallbacks Api { get; set; } = new NativeCallbacks();

    private static ICallbacks GetApi() => Api;
}

/// <summary>
/// Callbacks: recorded as calls the other way, made again on replay with what was recorded, the program's answers compared.
/// </summary>
public sealed unsafe class CallbackShapes
{
    static CallbackShapes() => NativeCallbacks.UseLibrary(CLibrary.Build("Shapes/callbacks.c").Path);

    [Fact, Trait("Point", "5")]
    public void Delegate_with_a_context()
    {
        CallRecording recording = Both(lib =>
        {
            List<string?> names = [];
            int total = lib.Visit(
                5,
                (context, index, name) =>
                {
                    Assert.Equal(0x1234, context);
                    names.Add(Marshal.PtrToStringUTF8((nint)name));
                    return 10 * index;
                },
                0x1234);
            Assert.Equal(100, total);
            Assert.Equal(["zero", "one", null, "thrée", "zero"], names);
        });
        Assert.Equal(5, recording.Callbacks.Count);
        Assert.Equal(
            """{"seq":2,"thread":1,"api":"callbacks","callback":"Visit.visit","of":1,"in":{"index":0,"name":"zero"},"out":{},"ret":0}""",
            recording.Callbacks[0].Json.GetRawText());

        // The context is the program's own affair: another run may have another.
        Roundtrip.Replay(
            recording,
            replayer => new ReplayingCallbacks(replayer).Visit(5, (context, index, _) => context == 7 ? 10 * index : -1, 7));
    }

    [Fact]
    public void Another_answer_is_another_program()
    {
        CallRecording recording = Roundtrip.Record(recorder => new RecordingCallbacks(new NativeCallbacks(), recorder).Visit(
            3,
            (_, index, _) => index,
            0));
        using Replayer replayer = new(recording);
        ReplayMismatchException e = Assert.Throws<ReplayMismatchException>(() => new ReplayingCallbacks(replayer).Visit(
            3,
            (_, index, _) => index == 2 ? 5 : index,
            0));
        Assert.Equal("ret", e.Mismatch.Argument);
        Assert.Equal(("2", "5"), (e.Mismatch.Expected, e.Mismatch.Actual));
        Assert.Equal("Visit.visit", e.Mismatch.Function);
    }

    [Fact]
    public void Exception_of_a_replayed_callback_reaches_the_caller()
    {
        CallRecording recording = Roundtrip.Record(recorder => new RecordingCallbacks(new NativeCallbacks(), recorder).Visit(
            3,
            (_, index, _) => index,
            0));
        using Replayer replayer = new(recording);
        Assert.Throws<TimeZoneNotFoundException>(() => new ReplayingCallbacks(replayer).Visit(
            3,
            (_, _, _) => throw new TimeZoneNotFoundException(),
            0));
    }

    [Fact]
    public void Function_pointer_with_a_signature() => Both(static lib =>
    {
        int[] numbers = [5, -3, 9, 0, 9];
        s_compared = 0;
        lib.Sort(numbers, 5, &CompareBackwards);
        Assert.NotEqual(0, s_compared);
        Assert.Equal([9, 9, 5, 0, -3], numbers);
    });

    [Fact]
    public void Structs_by_value_and_by_address()
    {
        CallRecording recording = Both(static lib =>
        {
            List<string> told = [];
            int sum = lib.Notice(
                (_, at, notice) =>
                {
                    told.Add(notice is null ? "nothing" : $"{notice->Kind} {Marshal.PtrToStringUTF8(notice->Text)}");
                    return at.X * at.Y;
                },
                0);
            Assert.Equal(24, sum);
            Assert.Equal(["7 hot", "nothing"], told);
        });
        Assert.Contains(
            "\"in\":{\"at\":{\"x\":3,\"y\":4},\"notice\":{\"kind\":7,\"text\":\"hot\"}}",
            recording.Callbacks[0].Json.GetRawText(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Function_pointer_with_numbers_only() => Both(static lib =>
    {
        Assert.Equal(0 + 1 + 3 + 4 + 6, lib.Plain(&AddWeight, 5));
        Assert.Equal(0, lib.Plain(null, 5));
    });

    [Fact]
    public void Callback_that_fills_room()
    {
        byte[] data = [.. Enumerable.Range(1, 20).Select(static i => (byte)i)];
        long Sum(ICallbacks lib, byte[] from)
        {
            int at = 0;
            return lib.Checksum(
                (_, buffer, size) =>
                {
                    int count = Math.Min((int)size - 1, from.Length - at);
                    Marshal.Copy(from, at, buffer, count);
                    at += count;
                    return count;
                },
                0);
        }

        long expected = data.Aggregate(0L, static (sum, b) => unchecked((sum * 31) + b));
        CallRecording recording = Both(lib => Assert.Equal(expected, Sum(lib, data)));

        // What the program gives is input, too: other data is another program.
        using Replayer replayer = new(recording);
        byte[] other = [.. data];
        other[9] = 99;
        ReplayMismatchException e = Assert.Throws<ReplayMismatchException>(() => Sum(new ReplayingCallbacks(replayer), other));
        Assert.StartsWith("out.buffer", e.Mismatch.Argument, StringComparison.Ordinal);
    }

    [Fact]
    public void Callback_that_hands_over_its_memory() => Both(static lib =>
    {
        nint block = Marshal.AllocHGlobal(4);
        Marshal.Copy(new byte[] { 1, 2, 3, 4 }, 0, block, 4);
        int left = 3;
        Pull pull = (_, memory) =>
        {
            *memory = (void*)block;
            return left == 0 ? 0 : left-- + 1;
        };
        Assert.Equal(10 + 6 + 3, lib.Pull(Marshal.GetFunctionPointerForDelegate(pull), 0));
        GC.KeepAlive(pull);
        Marshal.FreeHGlobal(block);
    });

    [Fact]
    public void Callback_that_is_handed_memory() => Both(static lib =>
    {
        List<string> got = [];
        Assert.Equal(8, lib.Push(
            (_, data, size) =>
            {
                got.Add(Marshal.PtrToStringUTF8(data, (int)size));
                return (int)size;
            },
            0));
        Assert.Equal(["abc", "", "defgh"], got);
    });

    [Fact]
    public void Callbacks_that_call_the_library() => Both(static lib =>
    {
        // Re-entrant and nested: a callback visits again, and the inner one asks for a sum.
        List<string> order = [];
        int total = lib.Visit(
            2,
            (_, outer, _) =>
            {
                order.Add($"outer {outer}");
                int inner = lib.Visit(
                    2,
                    (_, index, _) =>
                    {
                        order.Add($"inner {index}");
                        return lib.Plain(&AddWeight, index + 1);
                    },
                    0);
                return inner + outer;
            },
            0);
        Assert.Equal(3, total);
        Assert.Equal(["outer 0", "inner 0", "inner 1", "outer 1", "inner 0", "inner 1"], order);
    });

    [Fact, Trait("Point", "5")]
    public void Callback_that_was_registered_for_later()
    {
        CallRecording recording = Both(static lib =>
        {
            List<(nint, int)> events = [];
            OnEvent handler = (context, number) => events.Add((context, number));
            nint first = lib.Machine();
            nint second = lib.Machine();
            lib.OnEvent(first, handler, 1);
            lib.OnEvent(second, handler, 2);
            lib.Step(first);
            lib.Step(second);
            lib.Step(first);
            lib.OnEvent(first, null, 0);
            Assert.Equal(3, lib.Step(first));
            lib.End(first);
            lib.End(second);
            Assert.Equal([(1, 1), (2, 1), (1, 2)], events);
            GC.KeepAlive(handler);
        });
        Assert.Equal([(3, 5), (4, 7), (3, 9)], recording.Callbacks.Select(static c => ((int)c.Of, (int)c.During)));
    }

    [Theory]
    [InlineData(ReplayOrder.Strict)]
    [InlineData(ReplayOrder.PerHandle)]
    public void Callbacks_from_a_thread_of_the_library(ReplayOrder order)
    {
        CallRecording recording = Roundtrip.Record(recorder => Threaded(new RecordingCallbacks(new NativeCallbacks(), recorder)));
        Assert.Equal([2, 2, 2], recording.Callbacks.Select(static c => c.Thread));
        Assert.Equal([0, 0, 0], recording.Callbacks.Select(static c => c.During));
        for (int i = 0; i < 20; i++)
        {
            Roundtrip.Replay(recording, replayer => Threaded(new ReplayingCallbacks(replayer)), new ReplayOptions { Order = order });
        }
    }

    [Fact]
    public void Callback_from_a_thread_of_the_library_that_calls_it()
    {
        CallRecording recording = Roundtrip.Record(recorder => Program(new RecordingCallbacks(new NativeCallbacks(), recorder)));
        for (int i = 0; i < 20; i++)
        {
            Roundtrip.Replay(recording, replayer => Program(new ReplayingCallbacks(replayer)));
        }

        static void Program(ICallbacks lib)
        {
            int sum = 0;
            using CountdownEvent done = new(3);
            OnEvent handler = (_, number) =>
            {
                sum += lib.Plain(&AddWeight, number - 100);
                done.Signal();
            };
            nint machine = lib.Machine();
            lib.OnEvent(machine, handler, 0);
            lib.Start(machine);
            done.Wait();
            lib.Join(machine);
            lib.End(machine);
            Assert.Equal(0 + 1 + 4, sum);
        }
    }

    [Fact]
    public void Callback_that_comes_too_late_is_told()
    {
        CallRecording recording = Roundtrip.Record(recorder => Threaded(new RecordingCallbacks(new NativeCallbacks(), recorder)));
        using Replayer replayer = new(recording, new ReplayOptions { CallbackTimeout = TimeSpan.FromMilliseconds(200) });
        using ManualResetEventSlim never = new();
        ReplayingCallbacks lib = new(replayer);
        nint machine = lib.Machine();
        lib.OnEvent(machine, (_, _) => never.Wait(), 0x77);

        // How far the thread came before start returned, was a matter of luck when it was recorded.
        ReplayException e = Assert.ThrowsAny<ReplayException>(() =>
        {
            lib.Start(machine);
            lib.Join(machine);
        });
        Assert.Contains("has not returned after", e.Message, StringComparison.Ordinal);
        never.Set();
    }

    [Fact]
    public void Verifying_compares_callbacks()
    {
        CallRecording recording = Roundtrip.Record(recorder => new RecordingCallbacks(new NativeCallbacks(), recorder).Visit(
            3,
            (_, index, _) => index,
            0));
        using (VerifyingSession same = new(recording))
        {
            new RecordingCallbacks(new NativeCallbacks(), same.Recorder).Visit(3, (_, index, _) => index, 0);
            Assert.Empty(same.Complete());
        }

        using VerifyingSession other = new(recording);
        new RecordingCallbacks(new NativeCallbacks(), other.Recorder).Visit(3, (_, index, _) => index == 1 ? -5 : index, 0);
        Assert.Equal(["ret: 1 -5", "Visit.visit: seq 4 callbacks!Visit.visit the callback was never made", "ret: 3 -5"], other.Complete()
            .OrderBy(static m => m.ExpectedSeq is 1)
            .ThenBy(static m => m.ExpectedSeq)
            .Select(static m => $"{m.Argument ?? m.Function}: {m.Expected} {m.Actual}"));
    }

    [Fact]
    public void A_part_of_a_recording_keeps_its_callbacks()
    {
        CallRecording recording = Roundtrip.Record(recorder =>
        {
            RecordingCallbacks lib = new(new NativeCallbacks(), recorder);
            lib.Visit(2, (_, index, _) => index, 0);
            lib.Plain(&AddWeight, 1);
        });
        using MemoryStream stream = new();
        CallRecordingWriter.Write(recording, stream, recording.Calls.Where(static c => c.Function == "Visit"));
        stream.Position = 0;
        var part = CallRecording.Load(stream, "part");
        Assert.Equal((1, 2), (part.Calls.Count, part.Callbacks.Count));
        Roundtrip.Replay(part, replayer => new ReplayingCallbacks(replayer).Visit(2, (_, index, _) => index, 0));
    }

    [Fact]
    public void Callbacks_that_were_not_made_are_told_at_the_end()
    {
        CallRecording recording = Roundtrip.Record(recorder =>
        {
            RecordingCallbacks lib = new(new NativeCallbacks(), recorder);
            lib.Visit(2, (_, index, _) => index, 0);
        });
        using Replayer replayer = new(recording);
        ReplayException e = Assert.Throws<ReplayException>(replayer.VerifyComplete);
        Assert.Contains("the callback seq 2 callbacks!Visit.visit was never made", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Faulted_call_makes_no_callback()
    {
        FaultingCallbacks lib = new(
            new NativeCallbacks(),
            FaultPlan.Parse("""{"fail":[{"fn":"callbacks!Machine","call":1,"code":"5"}]}"""));
        Assert.Equal(0, lib.Machine());
        Assert.Equal(3, lib.Visit(3, (_, index, _) => index, 0));
    }

    [Fact]
    public void Exports_take_native_functions()
    {
        // What a C program passes: the recorder behind the export wraps it, the library calls it.
        CallRecording recording = Roundtrip.Record(recorder =>
        {
            CallbackExports.Api = new RecordingCallbacks(new NativeCallbacks(), recorder);
            Assert.Equal(6, CallVisit());
        });
        Assert.Equal(3, recording.Callbacks.Count);
        Roundtrip.Replay(recording, static replayer =>
        {
            CallbackExports.Api = new ReplayingCallbacks(replayer);
            Assert.Equal(6, CallVisit());
        });

        static int CallVisit() =>
            ((delegate* unmanaged<int, delegate* unmanaged[Cdecl]<nint, int, byte*, int>, nint, int>)CallbackExports.GetEntryPoint(
                "callbacks_visit"))(3, &VisitNative, 0x55);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int VisitNative(nint context, int index, byte* name) => context == 0x55 ? 1 + index : -1;

    private static int s_compared;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CompareBackwards(int* a, int* b)
    {
        s_compared++;
        return (*b).CompareTo(*a);
    }

    [UnmanagedCallersOnly]
    private static int AddWeight(int value, double weight) => value + (int)weight;

    private static void Threaded(ICallbacks lib)
    {
        List<int> events = [];
        OnEvent handler = (context, number) =>
        {
            Assert.Equal(0x77, context);
            events.Add(number);
        };
        nint machine = lib.Machine();
        lib.OnEvent(machine, handler, 0x77);
        Assert.Equal(0, lib.Start(machine));
        Assert.Equal(0, lib.Join(machine));
        Assert.Equal([101, 102, 103], events);
        lib.End(machine);
        GC.KeepAlive(handler);
    }

    private static CallRecording Both(Action<ICallbacks> program)
    {
        program(new NativeCallbacks());
        CallRecording recording = Roundtrip.Record(recorder => program(new RecordingCallbacks(new NativeCallbacks(), recorder)));
        Roundtrip.Replay(recording, replayer => program(new ReplayingCallbacks(replayer)));
        return recording;
    }
}
