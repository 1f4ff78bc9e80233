using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>What entries of a layer have when <c>layer.json</c> says nothing about them.</summary>
/// <param name="Time">All four times as FILETIME; null takes the modification time of the real file, and 2016-02-14 without one.</param>
/// <param name="FileSecurity">Self-relative security descriptor of files.</param>
/// <param name="DirectorySecurity">Self-relative security descriptor of directories.</param>
internal sealed record LayerDefaults(long? Time, byte[]? FileSecurity, byte[]? DirectorySecurity)
{
    // The example time of docs/formats/file-time.md#known-answers.
    private const long ExampleTime = 131000000012345678;

    /// <summary>The descriptors that layers made off Windows commonly carry (docs/formats/security-descriptors.md#known-answers).</summary>
    public static LayerDefaults Standard { get; } = new(
        Time: null,
        SecurityDescriptor.FromSddl("O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1200a9;;;BU)").Encode(SecurityDescriptorLayout.Stored),
        SecurityDescriptor.FromSddl(
            "O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CI;DC;;;BU)")
            .Encode(SecurityDescriptorLayout.Stored));

    /// <summary>A directory that nothing is said about.</summary>
    public SimulatedFile Directory(long? realTime = null) => new()
    {
        Info = Info(WindowsFileAttributes.Directory, realTime),
        Security = DirectorySecurity,
    };

    /// <summary>A file that nothing is said about but its content.</summary>
    public SimulatedFile File(ContentSource content, long? realTime = null) => new()
    {
        Info = Info(WindowsFileAttributes.Archive, realTime),
        Security = FileSecurity,
        Data = content,
    };

    /// <summary>Default times with attributes.</summary>
    public FileBasicInfo Info(uint attributes, long? realTime)
    {
        long time = Time ?? realTime ?? ExampleTime;
        return new FileBasicInfo
        {
            CreationTime = time,
            LastAccessTime = time,
            LastWriteTime = time,
            ChangeTime = time,
            FileAttributes = attributes
        };
    }
}
