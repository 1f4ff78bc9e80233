using System.Runtime.InteropServices;
using AotLayers.Native;

namespace AotLayers.Replay.Tests.App;

/// <summary>
/// Structs of callers that were compiled against older headers: what they do not have is not written, and they are never refused.
/// </summary>
public sealed unsafe class SizedStructTests
{
    private const byte Guard = 0xA5;

    /// <summary>The entry of a later version: two fields were added.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct GrownEntry
    {
        public AotlEntry First;
        public ulong Added;
        public ulong AddedLater;
    }

    [Fact]
    public void First_sizes_are_those_of_version_1()
    {
        // Counted from the first header: 2 x 4, 2 x 8, 5 x 8, 2 x 4, 16, 8; and 2 x 4, 7 x 8, 80, 80, 16.
        Assert.Equal(96u, FirstSizes.Entry);
        Assert.Equal(240u, FirstSizes.Summary);
        Assert.True(sizeof(AotlEntry) >= FirstSizes.Entry);
        Assert.True(sizeof(AotlSummary) >= FirstSizes.Summary);
        Assert.True(sizeof(AotlVerifySummary) >= FirstSizes.VerifySummary);
        Assert.True(sizeof(AotlMetadata) >= FirstSizes.Metadata);
    }

    [Theory]
    [InlineData(96, 96)]
    [InlineData(0, 96)]
    [InlineData(104, 104)]
    [InlineData(112, 112)]
    [InlineData(200, 112)]
    public void A_library_that_has_grown_writes_what_the_caller_has_room_for(uint callers, uint written)
    {
        byte* memory = stackalloc byte[256];
        new Span<byte>(memory, 256).Fill(Guard);
        *(uint*)memory = callers;

        uint size = SizedStruct.Check(memory, FirstSizes.Entry, "entry", "aotl_entry");
        var value = new GrownEntry { First = new AotlEntry { Size = 5, Attributes = 0x21 }, Added = 1, AddedLater = 2 };
        SizedStruct.Store(ref value, (GrownEntry*)memory, size);

        Assert.Equal(written, *(uint*)memory);
        Assert.Equal(5, ((AotlEntry*)memory)->Size);
        Assert.Equal(written > 96 ? 1 : 0xA5A5A5A5A5A5A5A5, ((GrownEntry*)memory)->Added);
        Assert.Equal(written > 104 ? 2 : 0xA5A5A5A5A5A5A5A5, ((GrownEntry*)memory)->AddedLater);
        Assert.All(new Span<byte>(memory + written, (int)(256 - written)).ToArray(), b => Assert.Equal(Guard, b));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(95)]
    [InlineData(4097)]
    [InlineData(uint.MaxValue)]
    public void A_size_that_no_header_had_is_refused(uint callers)
    {
        byte* memory = stackalloc byte[16];
        *(uint*)memory = callers;
        NativeCallException? error = null;
        try
        {
            SizedStruct.Check(memory, FirstSizes.Entry, "entry", "aotl_entry");
        }
        catch (NativeCallException e)
        {
            error = e;
        }

        Assert.Equal(ResultCodes.InvalidArgument, error?.HResult);
    }
}
