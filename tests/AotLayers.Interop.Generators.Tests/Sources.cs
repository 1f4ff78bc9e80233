namespace AotLayers.Interop.Generators.Tests;

/// <summary>Declarations that several tests use.</summary>
internal static class Sources
{
    /// <summary>Every kind of parameter that declarations can have, on a made-up library.</summary>
    public const string Everything = """
        namespace Sample;

        /// <summary>Names.</summary>
        public static class Codes
        {
            /// <summary>Name of a code.</summary>
            public static string? GetName(uint code) => code == 0x80070012 ? "ERROR_NO_MORE_FILES" : null;
        }

        /// <summary>Small enum.</summary>
        public enum Mode : byte
        {
            /// <summary>One.</summary>
            One = 1,
        }

        /// <summary>Sixteen characters.</summary>
        [InlineArray(16)]
        public struct NameBuffer
        {
            private char _first;
        }

        /// <summary>Four bytes.</summary>
        [InlineArray(4)]
        public struct Tag
        {
            private byte _first;
        }

        /// <summary>Inner struct.</summary>
        public struct Point
        {
            /// <summary>X.</summary>
            public short X;

            /// <summary>Y.</summary>
            public ulong Y;
        }

        /// <summary>Blittable struct.</summary>
        public struct Item
        {
            /// <summary>Id.</summary>
            public Guid Id;

            /// <summary>Mode.</summary>
            public Mode Mode;

            /// <summary>Origin.</summary>
            public Point Origin;

            /// <summary>Name.</summary>
            public NameBuffer Name;

            /// <summary>Tag.</summary>
            public Tag FileTag;
        }

        /// <summary>Managed struct.</summary>
        [NativeMarshalling(typeof(ParentMarshaller))]
        public struct Parent
        {
            /// <summary>Flags.</summary>
            public uint Flags;

            /// <summary>Path.</summary>
            public string Path;
        }

        /// <summary>Native layout.</summary>
        public unsafe struct ParentNative
        {
            /// <summary>Flags.</summary>
            public uint Flags;

            /// <summary>Path.</summary>
            public char* Path;
        }

        /// <summary>Marshaller.</summary>
        [CustomMarshaller(typeof(Parent), MarshalMode.ManagedToUnmanagedIn, typeof(ParentMarshaller))]
        [CustomMarshaller(typeof(Parent), MarshalMode.ElementIn, typeof(ParentMarshaller))]
        public static unsafe class ParentMarshaller
        {
            /// <summary>Out.</summary>
            public static ParentNative ConvertToUnmanaged(Parent managed) => new() { Flags = managed.Flags, Path = (char*)Marshal.StringToCoTaskMemUni(managed.Path) };

            /// <summary>In.</summary>
            public static Parent ConvertToManaged(ParentNative unmanaged) => new() { Flags = unmanaged.Flags, Path = new string(unmanaged.Path) };

            /// <summary>Free.</summary>
            public static void Free(ParentNative unmanaged) => Marshal.FreeCoTaskMem((nint)unmanaged.Path);
        }

        /// <summary>A made-up library.</summary>
        [NativeApi("sample", "sample.dll", CodeNames = typeof(Codes))]
        public static unsafe partial class SampleLib
        {
            private const string Dll = "sample.dll";

            /// <summary>Opens.</summary>
            [OptionalExport]
            [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16)]
            public static partial int Open(in Parent self, string name, string? label, [Buffer(Length = nameof(count))] ReadOnlySpan<Parent> parents, uint count, [Handle("context", HandleUse.Produced)] out nint context);

            /// <summary>Next.</summary>
            [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16)]
            public static partial int Next([Handle("context", HandleUse.Used)] nint context, [CalleeAllocated(NativeAllocator.CoTaskMem)] out string? name, out Item item, out long size, [Direction(Direction.In)] Point* start);

            /// <summary>Reads.</summary>
            [StreamRead(nameof(context), nameof(buffer))]
            [LibraryImport(Dll)]
            public static partial int Read([Handle("context", HandleUse.Used)] nint context, [Buffer(Length = nameof(length), Written = nameof(read))] Span<byte> buffer, uint length, out uint read);

            /// <summary>Writes.</summary>
            [LibraryImport(Dll)]
            public static partial int Write([Handle("context", HandleUse.Used)] nint context, [Buffer(Length = nameof(length))] ReadOnlySpan<byte> buffer, nuint length);

            /// <summary>Path, by the two-call pattern.</summary>
            [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16)]
            public static partial int GetPath(ref nuint length, [Buffer(Written = nameof(length))] Span<char> buffer);

            /// <summary>Closes.</summary>
            [LibraryImport(Dll)]
            public static partial int Close([Handle("context", HandleUse.Consumed)] nint context);

            /// <summary>Opens a file.</summary>
            [SuccessWhen(SuccessRule.NotMinusOne)]
            [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
            [return: Handle("file", HandleUse.Produced)]
            public static partial nint OpenFile(string name, Mode mode);

            /// <summary>Reads a file's backup stream.</summary>
            [SuccessWhen(SuccessRule.NonZero), StreamRead(nameof(file), nameof(buffer), ExceptWhen = nameof(abort))]
            [LibraryImport(Dll, SetLastError = true)]
            public static partial int ReadBackup([Handle("file", HandleUse.Used)] nint file, [Buffer(Length = nameof(length), Written = nameof(read))] Span<byte> buffer, uint length, out uint read, int abort, [Handle("backup", HandleUse.InOut, ConsumedWhen = nameof(abort))] ref nint context);

            /// <summary>Directory for temporary files.</summary>
            [SuccessWhen(SuccessRule.NonZero)]
            [LibraryImport(Dll, EntryPoint = "GetTempDirW", SetLastError = true)]
            public static partial uint GetTempDir(uint length, [Buffer(Length = nameof(length), WrittenByReturnValue = true)] Span<ushort> buffer);

            /// <summary>Lists points.</summary>
            [SuccessWhen(SuccessRule.Zero)]
            [LibraryImport(Dll)]
            public static partial uint ListPoints([Buffer(Length = nameof(length), Written = nameof(written))] Span<Point> points, int length, out int written, ref ulong cookie);

            /// <summary>Cannot fail.</summary>
            [LibraryImport(Dll)]
            public static partial void Reset();
        }
        """;

    /// <summary>Entry points for <see cref="Everything"/>.</summary>
    public const string EverythingExported = """
        namespace Sample;

        /// <summary>Entry points that serve from <see cref="Api"/>.</summary>
        [NativeExports(typeof(SampleLib))]
        public static partial class SampleExports
        {
            /// <summary>Serves the calls.</summary>
            public static ISampleLib? Api { get; set; }

            /// <summary>What was thrown last.</summary>
            public static Exception? Thrown { get; private set; }

            private static ISampleLib GetApi() => Api ?? throw new InvalidOperationException("no API");

            static partial void OnException(string export, Exception exception) => Thrown = exception;
        }
        """;
}
