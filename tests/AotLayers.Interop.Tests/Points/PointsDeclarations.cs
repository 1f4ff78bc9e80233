using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotLayers.Interop.Tests.Points;

/// <summary>One entry of a list of files to watch, like <c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Watched
{
    [Handle("fd", HandleUse.Used)]
    public int File;
    public short Wanted;
    public short Seen;
}

/// <summary>Two fields at one place.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct RealOrBits
{
    [FieldOffset(0)]
    public double Real;
    [FieldOffset(0)]
    public ulong Bits;
}

/// <summary>Three bytes between the fields belong to neither.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Padded
{
    public byte Small;
    public uint Big;
}

/// <summary>Text with a NUL inside.</summary>
[InlineArray(8)]
internal struct EightChars
{
    private char _first;
}

/// <summary>A list of names.</summary>
internal struct NameList
{
    public EightChars List;
}

/// <summary>Fields with the names of the format's own keys.</summary>
internal struct KeyNames
{
    public int Handle;
    public int Bytes;
    public int Room;
    public int Data;
    public int Sha256;
    public int Pointer;
    public int Length;
}

/// <summary>Eight bytes behind the last field.</summary>
[StructLayout(LayoutKind.Sequential, Size = 12)]
internal struct Tailed
{
    public int First;
}

/// <summary>The library of points.c.</summary>
[NativeApi("points", Library, Success = SuccessRule.Zero)]
internal static unsafe partial class Points
{
    private const string Library = "points";

    [LibraryImport(Library, EntryPoint = "file_open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [return: Handle("fd", HandleUse.Produced)]
    internal static partial int FileOpen(string name);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "file_same")]
    internal static partial int FileSame([Handle("fd", HandleUse.Used)] int a, [Handle("fd", HandleUse.Used)] int b);

    [LibraryImport(Library, EntryPoint = "file_close")]
    internal static partial int FileClose([Handle("fd", HandleUse.ConsumedOnSuccess)] int fd, int busy);

    [LibraryImport(Library, EntryPoint = "pair")]
    internal static partial int Pair([Buffer(Count = 2)][Handle("fd", HandleUse.Produced)] Span<int> ends);

    [SuccessWhen(SuccessRule.NonNegative)]
    [LibraryImport(Library, EntryPoint = "watch")]
    internal static partial int Watch([Buffer(Length = nameof(count))][Direction(Direction.InOut)] Span<Watched> list, int count);

    [ResultsOn(234)]
    [LibraryImport(Library, EntryPoint = "value_get")]
    internal static partial int ValueGet([Buffer(Written = nameof(bytes), Unit = BufferUnit.Bytes)] Span<char> text, ref uint bytes);

    [SuccessWhen(SuccessRule.NonNegative)]
    [LibraryImport(Library, EntryPoint = "format")]
    internal static partial int Format(
        [Buffer(
            Length = nameof(size),
            WrittenByReturnValue = true,
            Terminator = BufferTerminator.NotCounted,
            Truncates = true)] Span<byte> buffer,
        nuint size,
        int number);

    [SuccessWhen(SuccessRule.NonNegative)]
    [LibraryImport(Library, EntryPoint = "link_text")]
    internal static partial int LinkText([Buffer(Length = nameof(size), WrittenByReturnValue = true)] Span<byte> buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "twice")]
    internal static partial int Twice([Direction(Direction.InOut)] int* value);

    [SuccessWhen(SuccessRule.NonZero)]
    [LibraryImport(Library, EntryPoint = "set_flag", SetLastError = true)]
    internal static partial int SetFlag(int flag);

    [LibraryImport(Library, EntryPoint = "number")]
    internal static partial int Number(out RealOrBits value);

    [LibraryImport(Library, EntryPoint = "padded")]
    internal static partial int FillPadded(out Padded value);

    [LibraryImport(Library, EntryPoint = "names")]
    internal static partial int Names(out NameList value);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library)]
    internal static partial int Info(int items);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library)]
    internal static partial int Probe(int _inner);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library)]
    internal static partial int GetX(int _plan, int _recorder);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library)]
    internal static partial int getX();

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "keys")]
    internal static partial void Keys(out KeyNames names);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "tailed")]
    internal static partial void FillTailed(out Tailed value);

    [ResultsOn(14)]
    [LibraryImport(Library, EntryPoint = "store_open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int StoreOpen(string name, [Handle("store", HandleUse.Produced)] out nint store);

    [LibraryImport(Library, EntryPoint = "store_close")]
    internal static partial int StoreClose([Handle("store", HandleUse.ConsumedOnSuccess)] nint store);

    [ResultsOn(-20)]
    [LibraryImport(Library, EntryPoint = "item_next")]
    internal static partial int ItemNext(out int item);

    [SuccessWhen(SuccessRule.NotNull)]
    [LibraryImport(Library, EntryPoint = "lend")]
    [return: Handle("lent", HandleUse.Borrowed)]
    internal static partial nint Lend();

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "is_lent")]
    internal static partial int IsLent([Handle("lent", HandleUse.Used)] nint thing);
}

/// <summary>Another API over the same library, which ends the files of the first.</summary>
[NativeApi("closing", Library, Success = SuccessRule.Zero)]
internal static partial class Closing
{
    private const string Library = "points";

    [LibraryImport(Library, EntryPoint = "file_close")]
    internal static partial int CloseAny([Handle("fd|store", HandleUse.ConsumedOnSuccess)] int fd, int busy);
}

/// <summary>A library beside the program, found by its bare name.</summary>
[NativeApi("beside", Library, Success = SuccessRule.Always)]
internal static partial class Beside
{
    internal const string Library = "aotlayers-beside";

    [LibraryImport(Library, EntryPoint = "file_same")]
    internal static partial int Same([Handle("fd", HandleUse.Used)] int a, [Handle("fd", HandleUse.Used)] int b);
}

/// <summary>The library, compiled once for all classes.</summary>
internal static class PointsLibrary
{
    private static readonly Lazy<CLibrary> s_library = new(static () => CLibrary.Build("Points/points.c"));

    /// <summary>Its file.</summary>
    public static string Path => s_library.Value.Path;
}
