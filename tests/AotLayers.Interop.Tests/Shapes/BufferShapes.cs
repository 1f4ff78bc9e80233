using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop.Tests;

public struct Point
{
    public short X;
    public double Y;
}

/// <summary>Without a gap between its fields.</summary>
public struct Spot
{
    public int X;
    public float Y;
}

[InlineArray(2)]
public struct TwoSpots
{
    private Spot _first;
}

[InlineArray(5)]
public struct FiveChars
{
    private char _first;
}

/// <summary>Arrays within a struct: fixed and inline, of numbers, bytes, structs and characters.</summary>
public unsafe struct Table
{
    public fixed int Numbers[4];
    public fixed byte Bytes[3];
    public TwoSpots Spots;
    public FiveChars Name;
}

[StructLayout(LayoutKind.Explicit)]
public struct RealBits
{
    [FieldOffset(0)]
    public double Number;
    [FieldOffset(0)]
    public ulong Bits;
}

public struct Reals
{
    public float Small;
    public double Large;
    public RealBits Either;
}

[NativeApi("buffers", Library, Success = SuccessRule.Always)]
public static partial class Buffers
{
    private const string Library = "libbuffers.so";

    [LibraryImport(Library, EntryPoint = "array_sum")]
    public static partial int Sum([Buffer(Length = nameof(count))] int[]? values, int count);

    [LibraryImport(Library, EntryPoint = "array_fill")]
    public static partial int Fill([Buffer(Length = nameof(room), WrittenByReturnValue = true), Out] int[] values, int room);

    [LibraryImport(Library, EntryPoint = "array_double")]
    public static partial void Double([Buffer(Length = nameof(count)), In, Out] int[] values, int count);

    [LibraryImport(Library, EntryPoint = "points_sum")]
    public static partial double SumPoints([Buffer(Length = nameof(count))] Point[] points, int count);

    [LibraryImport(Library, EntryPoint = "text_counted")]
    public static partial int Counted([Buffer(Length = nameof(room), WrittenByReturnValue = true)] Span<byte> buffer, int room);

    [LibraryImport(Library, EntryPoint = "text_not_counted")]
    public static partial int NotCounted(
        [Buffer(Length = nameof(room), WrittenByReturnValue = true, Terminator = BufferTerminator.NotCounted)] Span<char> buffer,
        int room);

    [LibraryImport(Library, EntryPoint = "text_ends"), SuccessWhen(SuccessRule.Zero), ResultsOn(34)]
    public static partial int Ends([Buffer(Length = nameof(room), Terminator = BufferTerminator.Ends)] Span<byte> buffer, int room);

    [LibraryImport(Library, EntryPoint = "text_range", SetLastError = true), SuccessWhen(SuccessRule.NonZero), ResultsOnLastError(34)]
    public static partial int Range([Buffer(Written = nameof(size))] Span<byte> buffer, ref uint size);

    [LibraryImport(Library, EntryPoint = "table_next")]
    public static partial void Next(ref Table table);

    [LibraryImport(Library, EntryPoint = "reals_pass")]
    public static partial void Pass(in Reals value, out Reals passed);

    [LibraryImport(Library, EntryPoint = "real_of_bits")]
    public static partial double RealOf(ulong bits);

    [LibraryImport(Library, EntryPoint = "bits_of_real")]
    public static partial ulong BitsOf(double number);

    [LibraryImport(Library, EntryPoint = "small_of_bits")]
    public static partial float SmallOf(uint bits);
}

/// <summary>Entry points of the same functions.</summary>
[NativeExports(typeof(Buffers))]
public static partial class BufferExports
{
    private static IBuffers GetApi() => new NativeBuffers();

    static partial void OnException(string export, Exception exception) => Thrown = exception;

    internal static Exception? Thrown { get; private set; }
}

/// <summary>Arrays, ways of counting, arrays within structs, exact numbers.</summary>
public sealed unsafe class BufferShapes
{
    static BufferShapes() => NativeBuffers.UseLibrary(CLibrary.Build("Shapes/buffers.c").Path);

    [Fact]
    public void Arrays_go_in_come_out_and_both() => Same(
        static b =>
        {
            int[] filled = [7, 7, 7, 7];
            int count = b.Fill(filled, 4);
            int[] doubled = [1, -2];
            b.Double(doubled, 2);
            Point[] points = [new() { X = 2, Y = 0.25 }, new() { X = -1, Y = 8 }];
            return $"{b.Sum([1, 2, 3], 3)} {b.Sum([], 0)} {b.Sum(null, 0)} {count}:{string.Join(',', filled)} {string.Join(',', doubled)} "
                + FormattableString.Invariant($"{b.SumPoints(points, 2)}");
        },
        "6 0 0 3:10,20,30,7 2,-4 -7.5",
        "\"in\":{\"values\":null}",
        "\"out\":{\"values\":[10,20,30]}");

    [Fact]
    public void Another_element_of_an_array_is_another_call()
    {
        CallRecording recording = Roundtrip.Record(static r => new RecordingBuffers(new NativeBuffers(), r).Sum([1, 2, 3], 3));
        ReplayMismatchException e = Assert.Throws<ReplayMismatchException>(
            () => Roundtrip.Replay(recording, static r => new ReplayingBuffers(r).Sum([1, 2, 4], 3)));
        Assert.Contains("argument in.values[2] differs", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_counted_has_no_nul() => Same(
        static b =>
        {
            byte[] buffer = [9, 9, 9, 9, 9, 9];
            int five = b.Counted(buffer, 6);
            byte[] small = new byte[2];
            return $"{five} {Encoding.ASCII.GetString(buffer, 0, 5)} {buffer[5]} {b.Counted(small, 2)} {Encoding.ASCII.GetString(small)}";
        },
        "5 hello 9 2 he");

    [Fact]
    public void Text_whose_nul_is_not_counted_has_it_all_the_same() => Same(
        static b =>
        {
            char[] small = new string('x', 4).ToCharArray();
            char[] room = new string('x', 6).ToCharArray();
            return $"{b.NotCounted(small, 4)} {new string(small)} {b.NotCounted(room, 6)} {new string(room).Replace('\0', '.')}";
        },
        "5 xxxx 4 wide.x");

    [Fact]
    public void Text_that_nothing_counts_ends_with_its_nul() => Same(
        static b =>
        {
            byte[] room = [9, 9, 9, 9, 9, 9];
            byte[] small = [9, 9, 9];
            return $"{b.Ends(room, 6)} {Convert.ToHexString(room)} {b.Ends(small, 3)} {Convert.ToHexString(small)}";
        },
        "0 656E64730009 34 656E00");

    [Fact]
    public void Results_count_on_a_listed_last_error() => Same(
        static b =>
        {
            uint size = 2;
            byte[] small = new byte[2];
            int failed = b.Range(small, ref size);
            int error = Marshal.GetLastPInvokeError();
            byte[] room = new byte[size];
            uint all = size;
            return $"{failed} {error} {size} {b.Range(room, ref all)} {Encoding.ASCII.GetString(room, 0, 5)}";
        },
        "0 34 6 1 range",
        "\"out\":{\"buffer\":{\"$bytes\":0},\"size\":6},\"failed\":true,\"ret\":0,\"lastError\":\"0x00000022\"");

    [Fact]
    public void Arrays_within_a_struct_keep_every_element() => Same(
        static b =>
        {
            Table table = default;
            table.Numbers[0] = int.MaxValue;
            table.Numbers[3] = -7;
            table.Bytes[0] = 0x80;
            table.Spots[0] = new Spot { X = 3, Y = -0.0f };
            "a\0b".CopyTo(table.Name);
            b.Next(ref table);
            string bytes = $"{table.Bytes[0]:x} {table.Bytes[1]:x} {table.Bytes[2]:x}";
            bool isNegative = float.IsNegative(table.Spots[0].Y);
            return FormattableString.Invariant(
                $"{table.Numbers[0]} {table.Numbers[1]} {table.Numbers[3]} {bytes} {table.Spots[0].X} {isNegative} {table.Spots[1].Y} ")
                + ((ReadOnlySpan<char>)table.Name).ToString().Replace('\0', '.');
        },
        "-2147483648 1 -6 80 0 fe 3 True 0.1 a.bz.");

    [Theory]
    [InlineData(0x0000000000000001)]
    [InlineData(0x3FB999999999999A)]
    [InlineData(unchecked((long)0x8000000000000000))]
    [InlineData(0x7FEFFFFFFFFFFFFF)]
    [InlineData(0x7FF0000000000000)]
    [InlineData(0x7FF8000000000000)]
    [InlineData(unchecked((long)0xFFF8000000000000))]
    [InlineData(0x7FF8DEAD00000001)]
    [InlineData(unchecked((long)0xFFFFFFFFFFFFFFFF))]
    public void Every_bit_of_a_floating_point_number_is_kept(long pattern)
    {
        ulong bits = (ulong)pattern;
        string expected = $"{bits:x} {bits:x} {bits:x} {bits:x}";
        Same(Run, expected);

        string Run(IBuffers b)
        {
            double number = BitConverter.UInt64BitsToDouble(bits);
            Reals value = new() { Small = 0.1f, Large = number, Either = new RealBits { Bits = bits } };
            b.Pass(in value, out Reals passed);
            Assert.Equal(0.1f, passed.Small);
            return $"{BitConverter.DoubleToUInt64Bits(b.RealOf(bits)):x} {b.BitsOf(number):x} "
                + $"{BitConverter.DoubleToUInt64Bits(passed.Large):x} {passed.Either.Bits:x}";
        }
    }

    [Theory]
    [InlineData(0x00000001u)]
    [InlineData(0x3DCCCCCDu)]
    [InlineData(0x80000000u)]
    [InlineData(0xFF800000u)]
    [InlineData(0x7FC00000u)]
    [InlineData(0xFFC0BEEFu)]
    public void Every_bit_of_a_small_number_is_kept(uint bits) =>
        Same(b => $"{BitConverter.SingleToUInt32Bits(b.SmallOf(bits)):x}", $"{bits:x}");

    [Fact]
    public void Another_nan_is_another_argument()
    {
        CallRecording recording = Roundtrip.Record(static r => new RecordingBuffers(new NativeBuffers(), r).BitsOf(double.NaN));
        Assert.Throws<ReplayMismatchException>(() => Roundtrip.Replay(
            recording,
            static r => new ReplayingBuffers(r).BitsOf(BitConverter.UInt64BitsToDouble(0x7FF8DEAD00000001))));
    }

    [Fact]
    public void Exports_take_arrays_as_pointers()
    {
        int* values = stackalloc int[] { 4, 5, 6 };
        Assert.Equal(15, ((delegate* unmanaged<int*, int, int>)BufferExports.GetEntryPoint("array_sum"))(values, 3));
        Assert.Equal(0, ((delegate* unmanaged<int*, int, int>)BufferExports.GetEntryPoint("array_sum"))(null, 0));
        ((delegate* unmanaged<int*, int, void>)BufferExports.GetEntryPoint("array_double"))(values, 3);
        Assert.Equal((8, 10, 12), (values[0], values[1], values[2]));
        Assert.Equal(2, ((delegate* unmanaged<int*, int, int>)BufferExports.GetEntryPoint("array_fill"))(values, 2));
        Assert.Equal((10, 20, 12), (values[0], values[1], values[2]));
        Point* points = stackalloc Point[] { new() { X = 2, Y = 3 } };
        Assert.Equal(6.0, ((delegate* unmanaged<Point*, int, double>)BufferExports.GetEntryPoint("points_sum"))(points, 1));
        byte* text = stackalloc byte[] { 9, 9, 9, 9, 9, 9 };
        Assert.Equal(0, ((delegate* unmanaged<byte*, int, int>)BufferExports.GetEntryPoint("text_ends"))(text, 6));
        Assert.Equal("656E64730009", Convert.ToHexString(new ReadOnlySpan<byte>(text, 6)));
        uint size = 2;
        Assert.Equal(0, ((delegate* unmanaged<byte*, uint*, int>)BufferExports.GetEntryPoint("text_range"))(text, &size));
        Assert.Equal((6u, 34), (size, Marshal.GetLastSystemError()));
        Assert.Null(BufferExports.Thrown);
    }

    [Fact]
    public void Faulted_calls_clear_what_comes_out()
    {
        var plan = FaultPlan.Parse("""{"fail":[{"fn":"Range","code":"5"}]}""");
        uint size = 6;
        byte[] room = new byte[6];
        Assert.Equal(0, new FaultingBuffers(new NativeBuffers(), plan).Range(room, ref size));
        Assert.Equal(5, Marshal.GetLastPInvokeError());
        Assert.Equal(new byte[6], room);
        plan.VerifyComplete();
    }

    private static void Same(Func<IBuffers, string> program, string expected, params string[] recorded)
    {
        CallRecording recording = Roundtrip.Record(recorder => Assert.Equal(
            expected,
            program(new RecordingBuffers(new NativeBuffers(), recorder))));
        Assert.All(recorded, text => Assert.Contains(text, Roundtrip.Lines(recording), StringComparison.Ordinal));
        Roundtrip.Replay(recording, replayer => Assert.Equal(expected, program(new ReplayingBuffers(replayer))));
    }
}
