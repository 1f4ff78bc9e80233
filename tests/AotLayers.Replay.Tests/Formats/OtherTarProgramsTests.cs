using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using AotLayers.Formats;
using Xunit;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>Archives that go to python3's tarfile and to bsdtar, and come from them.</summary>
public sealed class OtherTarProgramsTests : IDisposable
{
    private const string ListWithPython = """
        import hashlib, sys, tarfile
        with tarfile.open(sys.argv[1], "r:") as tar:
            for m in tar:
                digest = hashlib.sha256(tar.extractfile(m).read()).hexdigest()[:16] if m.isreg() else "-"
                print(m.name, m.type.decode(), oct(m.mode), m.size, m.linkname, digest, "%.7f" % m.mtime,
                      ",".join(sorted(k for k in m.pax_headers if k.startswith(("MSWINDOWS", "LIBARCHIVE")))), sep="|")
        """;

    private const string WriteWithPython = """
        import io, sys, tarfile
        formats = {"gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT, "ustar": tarfile.USTAR_FORMAT}
        with tarfile.open(sys.argv[1], "w", format=formats[sys.argv[2]]) as tar:
            def add(name, data=b"", **fields):
                m = tarfile.TarInfo(name)
                m.size = len(data)
                for k, v in fields.items():
                    setattr(m, k, v)
                tar.addfile(m, io.BytesIO(data))
            long = "d" * (60 if sys.argv[2] == "ustar" else 150)
            add("Files", type=tarfile.DIRTYPE)
            add("Files/" + long, type=tarfile.DIRTYPE)
            add("Files/" + long + "/f" + "x" * 50, b"hello", mtime=1455526401, uid=5000000 if sys.argv[2] != "ustar" else 1)
            add("Files/hard", type=tarfile.LNKTYPE, linkname="Files/" + long + "/f" + "x" * 50 if sys.argv[2] != "ustar" else "Files/t")
            add("Files/link", type=tarfile.SYMTYPE, linkname="../foo")
            if sys.argv[2] == "pax":
                add("Files/\u00e9", b"abc", pax_headers={"MSWINDOWS.fileattr": "32", "LIBARCHIVE.creationtime": "1455526401.2345678"}, mtime=1455526401.5)
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("aotlayers-tar-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Python_reads_what_is_written()
    {
        string[] lines = Run("python3", "-c", ListWithPython, WriteSample()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string data = Convert.ToHexStringLower(SHA256.HashData("hello"u8))[..16];
        string ads = Convert.ToHexStringLower(SHA256.HashData("ads"u8))[..16];
        string empty = Convert.ToHexStringLower(SHA256.HashData([]))[..16];
        string longName = LongName().Replace('\\', '/');
        Assert.Equal(
            [
                "Files|5|0o40000|0||-|1455526401.2345679|LIBARCHIVE.creationtime,MSWINDOWS.fileattr",
                $"{longName}|0|0o100000|5||{data}|1455526401.2345679|LIBARCHIVE.creationtime,MSWINDOWS.fileattr,MSWINDOWS.rawsd,MSWINDOWS.xattr.A",
                $"{longName}:ads.txt|0|0o100000|3||{ads}|1455526401.2345679|",
                $"Files/hard|1|0o644|0|{longName}|-|1455526401.2345679|LIBARCHIVE.creationtime,MSWINDOWS.fileattr",
                @"Files/link|2|0o120000|0|C:\Users|-|1455526401.2345679|LIBARCHIVE.creationtime,MSWINDOWS.fileattr,MSWINDOWS.mountpoint",
                $"Files/.wh.gone|0|0o0|0||{empty}|0.0000000|",
                $"Files/{new string('w', 90)}/.wh.{new string('g', 60)}|0|0o0|0||{empty}|0.0000000|",
            ],
            lines);
    }

    [Fact]
    public void Bsdtar_reads_what_is_written()
    {
        string tar = WriteSample();
        string longName = LongName().Replace('\\', '/');
        Assert.Equal(
            $"Files\n{longName}\n{longName}:ads.txt\nFiles/hard\nFiles/link\nFiles/.wh.gone\nFiles/{new string('w', 90)}/.wh.{new string('g', 60)}\n",
            Run("bsdtar", "-tf", tar));
        Assert.Equal("ads", Run("bsdtar", "-xOf", tar, longName + ":ads.txt"));
    }

    [Theory]
    [InlineData("gnu", 150)]
    [InlineData("pax", 150)]
    [InlineData("ustar", 60)]
    public void What_python_writes_is_read(string format, int length)
    {
        string tar = Path.Combine(_folder, format + ".tar");
        Run("python3", "-c", WriteWithPython, tar, format);
        string file = $@"Files\{new string('d', length)}\f{new string('x', 50)}";
        using FileStream source = File.OpenRead(tar);
        var reader = new LayerTarReader(source);
        Assert.Equal("Files", reader.GetNextEntry()!.Name);
        Assert.Equal(LayerTarEntryKind.Directory, reader.GetNextEntry()!.Kind);
        LayerTarEntry entry = reader.GetNextEntry()!;
        Assert.Equal((file, 5L, FileTime.UnixEpoch + 14555264010000000), (entry.Name, entry.Size, entry.Info.LastWriteTime));
        var stream = new MemoryStream();
        reader.WriteBackupStream(stream);
        Assert.Equal(Backup(Record(BackupStreamId.Data, "hello"u8.ToArray())), stream.ToArray());
        Assert.Equal(format == "ustar" ? @"Files\t" : file, reader.GetNextEntry()!.LinkTarget);
        Assert.Equal(@"..\foo", reader.GetNextEntry()!.LinkTarget);
        if (format == "pax")
        {
            entry = reader.GetNextEntry()!;
            Assert.Equal((@"Files\é", 32u, 131000000012345678), (entry.Name, entry.Info.FileAttributes, entry.Info.CreationTime));
            Assert.Equal(FileTime.UnixEpoch + 14555264015000000, entry.Info.LastWriteTime);
        }

        Assert.Null(reader.GetNextEntry());
    }

    [Fact]
    public void What_bsdtar_writes_is_read()
    {
        string root = Directory.CreateDirectory(Path.Combine(_folder, "in", "Files")).FullName;
        string name = new('n', 120);
        File.WriteAllText(Path.Combine(root, name), "hello");
        foreach (string format in new[] { "pax", "gnutar" })
        {
            string tar = Path.Combine(_folder, "bsd.tar");
            Run("bsdtar", "-cf", tar, "--format", format, "-C", Path.Combine(_folder, "in"), ".");
            using FileStream source = File.OpenRead(tar);
            var reader = new LayerTarReader(source);
            var names = new List<string>();
            while (reader.GetNextEntry() is { } entry)
            {
                names.Add(entry.Name);
            }

            Assert.Equal(["Files", @"Files\" + name], names);
        }
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("pax")]
    public void Sizes_beyond_8_GiB_are_read(string format)
    {
        const long Size = 9L << 30;
        string tar = Path.Combine(_folder, "huge.tar");
        Run("python3", "-c", """
            import sys, tarfile
            fmt = {"gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}[sys.argv[2]]
            with open(sys.argv[1], "wb") as f:
                m = tarfile.TarInfo("huge")
                m.size = 9 << 30
                f.write(m.tobuf(fmt))
                f.seek(9 << 30, 1)
                f.write(tarfile.TarInfo("after").tobuf(fmt))
                f.write(bytes(1024))
            """, tar, format);
        using FileStream source = File.OpenRead(tar);
        var reader = new TarReader(source);
        Assert.Equal(("huge", Size), (reader.GetNextEntry()!.Name, reader.Remaining));
        Assert.Equal("after", reader.GetNextEntry()!.Name);
        Assert.Null(reader.GetNextEntry());
        Assert.True(reader.EndMarkerSeen);
    }

    [Fact]
    public void Odd_times_are_read()
    {
        string tar = Path.Combine(_folder, "times.tar");
        Run("python3", "-c", """
            import sys, tarfile
            with tarfile.open(sys.argv[1], "w", format=tarfile.PAX_FORMAT) as t:
                for name, mtime, pax in [
                    ("before1970", -1.5, {}), ("zero", 0, {}), ("year9999", 253402300799, {}), ("fraction", 1455526401.25, {}),
                    ("atime", 1, {"atime": "2.5", "ctime": "-3", "LIBARCHIVE.creationtime": "-0.0000001"})]:
                    m = tarfile.TarInfo(name)
                    m.mtime, m.pax_headers = mtime, pax
                    t.addfile(m)
            """, tar);
        using FileStream source = File.OpenRead(tar);
        var reader = new LayerTarReader(source);
        Assert.Equal(FileTime.UnixEpoch - 15_000_000, reader.GetNextEntry()!.Info.LastWriteTime);
        Assert.Equal(FileTime.UnixEpoch, reader.GetNextEntry()!.Info.LastWriteTime);

        // Nanoseconds of 64 bits end in 2262: it wraps as in the Go programs that read such layers.
        long wrapped = FileTime.FromUnixNanoseconds(unchecked(253402300799 * 1_000_000_000));
        Assert.Equal(wrapped, reader.GetNextEntry()!.Info.LastWriteTime);
        Assert.Equal(FileTime.UnixEpoch + 14555264012500000, reader.GetNextEntry()!.Info.CreationTime);
        LayerFileInfo info = reader.GetNextEntry()!.Info;
        Assert.Equal(
            (FileTime.UnixEpoch + 25_000_000, FileTime.UnixEpoch - 30_000_000, FileTime.UnixEpoch - 1, FileTime.UnixEpoch + 10_000_000),
            (info.LastAccessTime, info.ChangeTime, info.CreationTime, info.LastWriteTime));
    }

    [Fact]
    public void Lossless_archives_are_plain_to_other_programs()
    {
        string path = Path.Combine(_folder, "lossless.tar");
        using (FileStream output = File.Create(path))
        {
            using var writer = new LayerTarWriter(output, options: new LayerTarWriterOptions { Lossless = true });
            writer.WriteEntry("Files", 0, Info(WindowsFileAttributes.Directory), new MemoryStream(Backup(
                Record(BackupStreamId.AlternateData, "zone"u8.ToArray(), name: ":zone:$DATA"))));
            writer.WriteEntry(@"Files\sparse", 8192, Info(), new MemoryStream(Backup(
                Record(BackupStreamId.ObjectId, new byte[64]),
                Record(BackupStreamId.Data, [], BackupStreamAttributes.Sparse),
                Block(4096, "abcd"u8.ToArray()),
                Block(8192, []))));
            writer.WriteEntry(@"Files\ghost", 0, Info(WindowsFileAttributes.ReparsePoint), new MemoryStream(Backup(
                Record(BackupStreamId.ReparseData, new ReparseBuffer(ReparseTag.Wof, new byte[16]).Encode()))));
            writer.Finish();
        }

        Assert.Equal(
            "Files\nFiles/sparse\nFiles/ghost\n",
            Run("bsdtar", "-tf", path).Replace("Files/\n", "Files\n", StringComparison.Ordinal));
        byte[] expected = new byte[8192];
        "abcd"u8.CopyTo(expected.AsSpan(4096));
        string digest = Convert.ToHexStringLower(SHA256.HashData(expected))[..16];
        string[] lines = Run("python3", "-c", ListWithPython, path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"Files/sparse|0|0o100000|8192||{digest}|", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tar", "--format=gnu")]
    [InlineData("tar", "--format=posix", "--sparse-version=0.0")]
    [InlineData("tar", "--format=posix", "--sparse-version=0.1")]
    [InlineData("tar", "--format=posix", "--sparse-version=1.0")]
    [InlineData("bsdtar", "--format=pax")]
    public void Sparse_files_are_read(string program, params string[] format)
    {
        // More ranges than an old GNU header and one extension hold, a hole at the end, and a file that is all hole.
        string name = Path.Combine(_folder, new string('s', 110));
        using (FileStream file = File.Create(name))
        {
            for (int i = 0; i < 30; i++)
            {
                file.Position = i * 256 * 1024;
                file.Write(Enumerable.Repeat((byte)('a' + (i % 26)), 5000).ToArray());
            }

            file.SetLength(9 * 1024 * 1024);
        }

        string hole = Path.Combine(_folder, "hole");
        using (FileStream file = File.Create(hole))
        {
            file.SetLength(1024 * 1024);
        }

        string after = Path.Combine(_folder, "after");
        File.WriteAllText(after, "after");
        string tar = Path.Combine(_folder, "sparse.tar");
        string[] options = program == "tar" ? ["--sparse", "--hole-detection=seek", .. format] : format;
        Run(program, [.. options, "-cf", tar, "-C", _folder, Path.GetFileName(name), "hole", "after"]);
        Assert.True(new FileInfo(tar).Length < 2 * 1024 * 1024);

        using FileStream source = File.OpenRead(tar);
        var reader = new TarReader(source);
        foreach (string path in new[] { name, hole, after })
        {
            TarHeader header = reader.GetNextEntry()!;
            Assert.Equal((Path.GetFileName(path), new FileInfo(path).Length), (header.Name, header.Size));
            Assert.Equal(path != after, header.SparseRanges is not null);
            Assert.Equal(header.Size, reader.Remaining);
            Assert.Equal(SHA256.HashData(File.ReadAllBytes(path)), SHA256.HashData(reader.Data));
            Assert.Equal(0, reader.Remaining);
        }

        Assert.Null(reader.GetNextEntry());

        // Entries that are skipped: the archive's bytes count, not those of the file.
        source.Position = 0;
        reader = new TarReader(new BufferedStream(source));
        Assert.Equal([Path.GetFileName(name), "hole", "after"], Enumerable.Range(0, 3).Select(_ => reader.GetNextEntry()!.Name));
    }

    private static string LongName() => @"Files\" + new string('é', 60) + ".txt";

    private string WriteSample()
    {
        string path = Path.Combine(_folder, "sample.tar");
        using FileStream output = File.Create(path);
        using var writer = new LayerTarWriter(output);
        byte[] ea = ExtendedAttributes.Encode([new ExtendedAttribute("A"u8.ToArray(), "1"u8.ToArray())]);
        writer.WriteEntry("Files", 0, Info(WindowsFileAttributes.Directory), Stream.Null);
        writer.WriteEntry(LongName(), 5, Info(), new MemoryStream(Backup(
            Record(BackupStreamId.SecurityData, SecurityDescriptor.FromSddl("O:BA").Encode()),
            Record(BackupStreamId.Data, "hello"u8.ToArray()),
            Record(BackupStreamId.EaData, ea),
            Record(BackupStreamId.AlternateData, "ads"u8.ToArray(), name: ":ads.txt:$DATA"))));
        writer.WriteHardLink(@"Files\hard", LongName(), Info());
        writer.WriteEntry(@"Files\link", 0, Info(WindowsFileAttributes.ReparsePoint), new MemoryStream(Backup(
            Record(BackupStreamId.ReparseData, ReparsePoint.FromTarget(@"C:\Users", isMountPoint: true).Encode()))));
        writer.WriteTombstone(@"Files\gone");
        writer.WriteTombstone($@"Files\{new string('w', 90)}\{new string('g', 60)}");
        writer.Finish();
        return path;
    }

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            program,
            arguments) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.Result}");
        return output;
    }
}
