using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>Exported entry points, called as C calls them.</summary>
public sealed unsafe class ExportTests
{
    private const int Pointer = unchecked((int)0x80004003);

    /// <summary>An implementation, in the assembly that publishes the entry points.</summary>
    private const string Implementation = """
        namespace Sample;

        /// <summary>Two entries, then the end.</summary>
        public sealed class Fake : ISampleLib
        {
            private int _entries;

            /// <summary>What the last call got.</summary>
            public string Seen { get; private set; } = "";

            /// <inheritdoc />
            public NativeApiInfo Info => SampleLibApi.Info;

            /// <inheritdoc />
            public ExportStatus Probe(string export) => ExportStatus.Present;

            /// <inheritdoc />
            public int Open(in Parent self, string name, string? label, ReadOnlySpan<Parent> parents, uint count, out nint context)
            {
                Seen = $"{self.Flags} {self.Path} {name} {label ?? "(null)"} {count}";
                foreach (Parent parent in parents)
                {
                    Seen += $" {parent.Flags}:{parent.Path}";
                }

                context = 77;
                return 1;
            }

            /// <inheritdoc />
            public unsafe int Next(nint context, out string? name, out Item item, out long size, Point* start)
            {
                item = default;
                size = 9;
                name = _entries++ switch { 0 => "\\Files\\a", 1 => null, _ => "never" };
                item.Mode = Mode.One;
                return _entries > 2 ? unchecked((int)0x80070012) : 0;
            }

            /// <inheritdoc />
            public int Read(nint context, Span<byte> buffer, uint length, out uint read)
            {
                buffer.Fill(0xAB);
                read = (uint)buffer.Length;
                return 0;
            }

            /// <inheritdoc />
            public int Write(nint context, ReadOnlySpan<byte> buffer, nuint length)
            {
                Seen = Convert.ToHexString(buffer);
                return 0;
            }

            /// <inheritdoc />
            public int GetPath(ref nuint length, Span<char> buffer)
            {
                "abc\0".AsSpan(0, Math.Min(4, buffer.Length)).CopyTo(buffer);
                length = 4;
                return 0;
            }

            /// <inheritdoc />
            public int Close(nint context) => throw new NotSupportedException("no");

            /// <inheritdoc />
            public nint OpenFile(string name, Mode mode) => throw new System.ComponentModel.Win32Exception(2);

            /// <inheritdoc />
            public int ReadBackup(nint file, Span<byte> buffer, uint length, out uint read, int abort, ref nint context)
            {
                context = abort != 0 ? 0 : context + 1;
                read = length;
                return 1;
            }

            /// <inheritdoc />
            public uint GetTempDir(uint length, Span<ushort> buffer) => throw new InvalidOperationException();

            /// <inheritdoc />
            public uint ListPoints(Span<Point> points, int length, out int written, ref ulong cookie) => throw new ArgumentException("bad");

            /// <inheritdoc />
            public void Reset() => throw new MissingExportException("a", "b");
        }
        """;

    private static readonly Lazy<Assembly> s_assembly = new(static () => GeneratorHarness.Build(
        Sources.Everything,
        Sources.EverythingExported,
        Implementation));

    private readonly object _fake = Activator.CreateInstance(s_assembly.Value.GetType("Sample.Fake")!)!;

    public ExportTests() => Exports.GetProperty("Api")!.SetValue(null, _fake);

    private static Type Exports => s_assembly.Value.GetType("Sample.SampleExports")!;

    private string Seen => (string)_fake.GetType().GetProperty("Seen")!.GetValue(_fake)!;

    private static Exception? Thrown => (Exception?)Exports.GetProperty("Thrown")!.GetValue(null);

    [Fact]
    public void Strings_structs_and_arrays_go_in()
    {
        var open = (delegate* unmanaged<Parent*, char*, char*, Parent*, uint, nint*, int>)Entry("Open");
        fixed (char* self = "self", name = "näme", a = "a", b = "b")
        {
            Parent info = new() { Flags = 7, Path = self };
            Parent* parents = stackalloc Parent[] { new() { Flags = 1, Path = a }, new() { Flags = 2, Path = b } };
            nint context = 0;
            Assert.Equal(1, open(&info, name, null, parents, 2, &context));
            Assert.Equal(77, context);
            Assert.Equal("7 self näme (null) 2 1:a 2:b", Seen);

            // No parents: NULL and 0.
            Assert.Equal(1, open(&info, name, a, null, 0, &context));
            Assert.Equal("7 self näme a 0", Seen);
        }
    }

    [Fact]
    public void Null_pointers_are_refused()
    {
        var open = (delegate* unmanaged<Parent*, char*, char*, Parent*, uint, nint*, int>)Entry("Open");
        fixed (char* text = "x")
        {
            Parent info = new() { Path = text };
            nint context = 5;
            Assert.Equal(Pointer, open(null, text, null, null, 0, &context));
            Assert.Equal(Pointer, open(&info, null, null, null, 0, &context));
            Assert.Equal(Pointer, open(&info, text, null, null, 1, &context));
            Assert.Equal(Pointer, open(&info, text, null, null, 0, null));
            Assert.Equal(5, context);
        }

        var getPath = (delegate* unmanaged<nuint*, char*, int>)Entry("GetPath");
        Assert.Equal(Pointer, getPath(null, null));

        var openFile = (delegate* unmanaged<char*, byte, nint>)Entry("OpenFile");
        Marshal.SetLastSystemError(0);
        Assert.Equal(-1, openFile(null, 1));

        var getTempDir = (delegate* unmanaged<uint, ushort*, uint>)Entry("GetTempDirW");
        Assert.Equal(0u, getTempDir(3, null));

        var listPoints = (delegate* unmanaged<void*, int, int*, ulong*, uint>)Entry("ListPoints");
        Assert.Equal(87u, listPoints(null, 0, null, null));
    }

    [Fact]
    public void Out_strings_are_the_callers_to_free_and_nothing_comes_out_of_a_failure()
    {
        var next = (delegate* unmanaged<nint, char**, byte*, long*, void*, int>)Entry("Next");
        byte* item = stackalloc byte[256];
        char* name = null;
        long size = 0;
        Assert.Equal(0, next(77, &name, item, &size, null));
        Assert.Equal("\\Files\\a", new string(name));
        Assert.Equal(9, size);
        Assert.Equal(1, item[16]);
        Marshal.FreeCoTaskMem((nint)name);

        Assert.Equal(0, next(77, &name, item, &size, null));
        Assert.True(name is null);

        name = (char*)1234;
        size = -1;
        Assert.Equal(unchecked((int)0x80070012), next(77, &name, item, &size, null));
        Assert.Equal(1234, (nint)name);
        Assert.Equal(-1, size);
    }

    [Fact]
    public void Buffers_may_be_empty()
    {
        var read = (delegate* unmanaged<nint, byte*, uint, uint*, int>)Entry("Read");
        uint count = 99;
        Assert.Equal(0, read(77, null, 0, &count));
        Assert.Equal(0u, count);

        byte* two = stackalloc byte[] { 0, 0, 0 };
        Assert.Equal(0, read(77, two, 2, &count));
        Assert.Equal([0xAB, 0xAB, 0], new ReadOnlySpan<byte>(two, 3).ToArray());

        var write = (delegate* unmanaged<nint, byte*, nuint, int>)Entry("Write");
        Assert.Equal(0, write(77, two, 3));
        Assert.Equal("ABAB00", Seen);
        Assert.Equal(Pointer, write(77, null, 3));
        Assert.Equal(unchecked((int)0x80070057), write(77, two, nuint.MaxValue));
    }

    [Fact]
    public void Two_call_pattern()
    {
        var getPath = (delegate* unmanaged<nuint*, char*, int>)Entry("GetPath");
        nuint length = 0;
        Assert.Equal(0, getPath(&length, null));
        Assert.Equal(4u, length);
        char* room = stackalloc char[4];
        Assert.Equal(0, getPath(&length, room));
        Assert.Equal("abc", new string(room));
    }

    [Fact]
    public void In_out_handles_are_written_back()
    {
        var readBackup = (delegate* unmanaged<nint, byte*, uint, uint*, int, nint*, int>)Entry("ReadBackup");
        uint read = 0;
        nint context = 4;
        Assert.Equal(1, readBackup(1, null, 0, &read, 0, &context));
        Assert.Equal(5, context);
        Assert.Equal(1, readBackup(1, null, 0, &read, 1, &context));
        Assert.Equal(0, context);
    }

    [Fact]
    public void Exceptions_become_codes()
    {
        // COR_E_NOTSUPPORTED
        Assert.Equal(unchecked((int)0x80131515), ((delegate* unmanaged<nint, int>)Entry("Close"))(77));
        Assert.IsType<NotSupportedException>(Thrown);

        fixed (char* name = "x")
        {
            Assert.Equal(-1, ((delegate* unmanaged<char*, byte, nint>)Entry("OpenFile"))(name, 1));
            Assert.IsType<System.ComponentModel.Win32Exception>(Thrown);
        }

        ushort* room = stackalloc ushort[2];
        Assert.Equal(0u, ((delegate* unmanaged<uint, ushort*, uint>)Entry("GetTempDirW"))(2, room));

        int written = 0;
        ulong cookie = 0;
        Assert.Equal(87u, ((delegate* unmanaged<void*, int, int*, ulong*, uint>)Entry("ListPoints"))(null, 0, &written, &cookie));

        ((delegate* unmanaged<void>)Entry("Reset"))();
        Assert.IsType<MissingExportException>(Thrown);

        Exports.GetProperty("Api")!.SetValue(null, null);
        Assert.Equal(unchecked((int)0x80131509), ((delegate* unmanaged<nint, int>)Entry("Close"))(77));
    }

    [Theory]
    [InlineData(typeof(MissingLibraryException), 0x8007007E, 126)]
    [InlineData(typeof(MissingExportException), 0x8007007F, 127)]
    [InlineData(typeof(OutOfMemoryException), 0x8007000E, 14)]
    [InlineData(typeof(InvalidOperationException), 0x80131509, 31)]
    public void Codes_of_exceptions(Type type, uint hresult, uint win32)
    {
        Exception exception = type == typeof(MissingLibraryException) ? new MissingLibraryException("x")
            : type == typeof(MissingExportException) ? new MissingExportException("x", "y")
            : (Exception)Activator.CreateInstance(type)!;
        Assert.Equal(hresult, unchecked((uint)NativeExportFailure.HResult(exception)));
        Assert.Equal(win32, NativeExportFailure.Win32(exception));
    }

    [Fact]
    public void Declarations_of_a_referenced_assembly_are_exported_too()
    {
        byte[] library = GeneratorHarness.BuildImage([], Sources.Everything);
        Assembly declarations = GeneratorHarness.Load(library);
        byte[] published = GeneratorHarness.BuildImage(
            [MetadataReference.CreateFromImage(library)],
            Sources.EverythingExported,
            Implementation);

        AssemblyLoadContext.Default.Resolving += (_, name) => name.Name == declarations.GetName().Name ? declarations : null;
        Type exports = GeneratorHarness.Load(published).GetType("Sample.SampleExports")!;
        MethodInfo getEntryPoint = exports.GetMethod("GetEntryPoint")!;
        foreach (string export in (string[])[
            "Open", "Next", "Read", "Write", "GetPath", "Close", "OpenFile", "ReadBackup", "GetTempDirW", "ListPoints", "Reset"
        ])
        {
            Assert.NotEqual((nint)0, (nint)getEntryPoint.Invoke(null, [export])!);
        }

        Assert.Equal((nint)0, (nint)getEntryPoint.Invoke(null, ["Other"])!);
    }

    private static nint Entry(string export) => (nint)Exports.GetMethod("GetEntryPoint")!.Invoke(null, [export])!;

    /// <summary>The C layout of Parent.</summary>
    private struct Parent
    {
        public uint Flags;
        public char* Path;
    }
}
