using AotLayers.Hcs;
using Xunit;

namespace AotLayers.Replay.Tests.Hcs;

/// <summary>Sizes and offsets of the native structs on 64-bit systems, as docs/windows/structs.md has them.</summary>
public sealed unsafe class StructLayoutTests
{
    [Fact]
    public void Driver_info()
    {
        DriverInfoNative s = default;
        Assert.Equal(16, sizeof(DriverInfoNative));
        Assert.Equal(0, Offset(&s, &s.Flavour));
        Assert.Equal(8, Offset(&s, &s.HomeDir));
    }

    [Fact]
    public void Layer_descriptor()
    {
        LayerDescriptorNative s = default;
        Assert.Equal(32, sizeof(LayerDescriptorNative));
        Assert.Equal(0, Offset(&s, &s.Id));
        Assert.Equal(16, Offset(&s, &s.Flags));
        Assert.Equal(24, Offset(&s, &s.Path));
    }

    [Fact]
    public void File_basic_info()
    {
        FileBasicInfo s = default;
        Assert.Equal(40, sizeof(FileBasicInfo));
        Assert.Equal(0, Offset(&s, &s.CreationTime));
        Assert.Equal(8, Offset(&s, &s.LastAccessTime));
        Assert.Equal(16, Offset(&s, &s.LastWriteTime));
        Assert.Equal(24, Offset(&s, &s.ChangeTime));
        Assert.Equal(32, Offset(&s, &s.FileAttributes));
    }

    [Fact]
    public void File_standard_info()
    {
        FileStandardInfo s = default;
        Assert.Equal(24, sizeof(FileStandardInfo));
        Assert.Equal(0, Offset(&s, &s.AllocationSize));
        Assert.Equal(8, Offset(&s, &s.EndOfFile));
        Assert.Equal(16, Offset(&s, &s.NumberOfLinks));
        Assert.Equal(20, Offset(&s, &s.DeletePending));
        Assert.Equal(21, Offset(&s, &s.Directory));
    }

    [Fact]
    public void File_id_info()
    {
        FileIdInfo s = default;
        Assert.Equal(24, sizeof(FileIdInfo));
        Assert.Equal(0, Offset(&s, &s.VolumeSerialNumber));
        Assert.Equal(8, Offset(&s, &s.FileIdLow));
        Assert.Equal(16, Offset(&s, &s.FileIdHigh));
    }

    /// <summary>As winbase.h of mingw-w64 declares it: sizeof 592, cFileName at 44, cAlternateFileName at 564.</summary>
    [Fact]
    public void Find_data()
    {
        Win32FindData s = default;
        Assert.Equal(592, sizeof(Win32FindData));
        Assert.Equal(28, Offset(&s, &s.FileSizeHigh));
        Assert.Equal(36, Offset(&s, &s.ReparseTag));
        Assert.Equal(44, Offset(&s, &s.FileName));
        Assert.Equal(564, Offset(&s, &s.AlternateFileName));
    }

    [Fact]
    public void Token_privileges_have_no_padding()
    {
        TokenPrivilege s = default;
        Assert.Equal(8, sizeof(Luid));
        Assert.Equal(16, sizeof(TokenPrivilege));
        Assert.Equal(4, Offset(&s, &s.Id));
        Assert.Equal(12, Offset(&s, &s.Attributes));
    }

    private static int Offset(void* start, void* field) => (int)((byte*)field - (byte*)start);
}
