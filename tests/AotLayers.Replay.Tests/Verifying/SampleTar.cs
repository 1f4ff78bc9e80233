using System.Diagnostics.CodeAnalysis;
using System.Text;
using AotLayers.Formats;
using AotLayers.Replay.Tests.Formats;

namespace AotLayers.Replay.Tests.Verifying;

/// <summary>Builds a layer tar header by header: sound ones, and such as no writer of layers makes.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A stream in memory has nothing to give back")]
internal sealed class SampleTar
{
    /// <summary>2016-02-15, with a fraction.</summary>
    public const long Time = 1455526401_234567800;

    private static readonly byte[] s_security =
        SecurityDescriptor.FromSddl("O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1200a9;;;BU)").Encode(SecurityDescriptorLayout.Stored);

    private readonly MemoryStream _output = new();
    private readonly TarWriter _tar;

    public SampleTar() => _tar = new TarWriter(_output);

    /// <summary>What every sound layer begins with.</summary>
    public static SampleTar Sound() => new SampleTar()
        .Directory("Files")
        .Directory("Files/dir")
        .File("Files/dir/a.txt", "hello")
        .Directory("Hives", withSecurity: false)
        .File("Hives/System_Delta", RegistryHiveTests.Hive(), withSecurity: false);

    /// <summary>A base layer: no Hives, but the hives of its system.</summary>
    public static SampleTar Base()
    {
        SampleTar tar = new SampleTar().Directory("Files");
        foreach (string directory in new[] { "Windows", "Windows/System32", "Windows/System32/config" })
        {
            tar.Directory("Files/" + directory);
        }

        foreach (string hive in new[] { "DEFAULT", "SAM", "SECURITY", "SOFTWARE", "SYSTEM" })
        {
            tar.File("Files/Windows/System32/config/" + hive, RegistryHiveTests.Hive());
        }

        return tar;
    }

    public SampleTar Directory(string name, Action<TarHeader>? change = null, bool withSecurity = true) =>
        Add(name, TarTypeFlag.Directory, [], header =>
        {
            header.Mode = LayerTarWriter.DirectoryMode;
            header.Records.Set("MSWINDOWS.fileattr"u8, 16);
            Secure(header, withSecurity);
            change?.Invoke(header);
        });

    public SampleTar File(string name, string content = "", Action<TarHeader>? change = null, bool withSecurity = true) =>
        File(name, Encoding.UTF8.GetBytes(content), change, withSecurity);

    public SampleTar File(string name, byte[] content, Action<TarHeader>? change = null, bool withSecurity = true) =>
        Add(name, TarTypeFlag.RegularFile, content, header =>
        {
            header.Mode = LayerTarWriter.RegularFileMode;
            header.Records.Set("MSWINDOWS.fileattr"u8, 32);
            Secure(header, withSecurity);
            change?.Invoke(header);
        });

    public SampleTar Link(string name, string target) => Add(name, TarTypeFlag.HardLink, [], header =>
    {
        header.LinkName = target;
        header.Records.Set("MSWINDOWS.fileattr"u8, 32);
    });

    public SampleTar Symlink(string name, string target, Action<TarHeader>? change = null) =>
        Add(name, TarTypeFlag.SymbolicLink, [], header =>
        {
            header.LinkName = target;
            header.Records.Set("MSWINDOWS.fileattr"u8, 0x420);
            change?.Invoke(header);
        });

    /// <summary>An entry with nothing but a name: whiteouts and alternate streams are such.</summary>
    public SampleTar Bare(string name, string content = "", Action<TarHeader>? change = null) =>
        Add(name, TarTypeFlag.RegularFile, Encoding.UTF8.GetBytes(content), header =>
        {
            header.ModificationTime = header.AccessTime = header.ChangeTime = null;
            header.Records.Clear();
            change?.Invoke(header);
        });

    public SampleTar Add(string name, TarTypeFlag type, byte[] content, Action<TarHeader> change)
    {
        var header = new TarHeader
        {
            Name = name,
            TypeFlag = type,
            Size = content.Length,
            Format = TarFormatChoice.Pax,
            ModificationTime = Time,
            AccessTime = Time,
            ChangeTime = Time,
        };
        header.Records.SetTime("LIBARCHIVE.creationtime"u8, Time);
        change(header);
        _tar.WriteHeader(header);
        _tar.Write(content);
        return this;
    }

    /// <summary>The archive so far, without an end marker.</summary>
    public byte[] Unfinished() => _output.ToArray();

    /// <summary>The whole archive.</summary>
    public byte[] Finish()
    {
        _tar.Finish();
        return _output.ToArray();
    }

    private static void Secure(TarHeader header, bool really)
    {
        if (really)
        {
            header.Records.SetBase64("MSWINDOWS.rawsd"u8, s_security);
        }
    }
}
