using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop.Tests;

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public delegate int ArchiveOpened([Handle("archive", HandleUse.Used)] nint archive, [Opaque] nint context);

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate nint ArchiveRead(
    [Handle("archive", HandleUse.Used)] nint archive,
    [Opaque] nint context,
    [Out, LibraryMemory(LengthByReturnValue = true)] void** block);

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public delegate nint ArchiveWrite(
    [Handle("archive", HandleUse.Used)] nint archive,
    [Opaque] nint context,
    [LibraryMemory(Length = "length")] nint data,
    nuint length);

/// <summary>libarchive: 0 and above succeeds, 1 is the end, below zero are warnings and errors.</summary>
[NativeApi("archive", "libarchive.so.13", Success = SuccessRule.Zero)]
public static partial class Archive
{
    [LibraryImport("libarchive.so.13", EntryPoint = "archive_write_new")]
    [SuccessWhen(SuccessRule.NonZero)]
    [return: Handle("archive", HandleUse.Produced)]
    public static partial nint WriteNew();

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_write_set_format_ustar")]
    public static partial int WriteSetFormatUstar([Handle("archive", HandleUse.Used)] nint archive);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_write_open")]
    public static partial int WriteOpen(
        [Handle("archive", HandleUse.Used)] nint archive,
        nint context,
        [Callback(Context = nameof(context), Lifetime = CallbackLifetime.Registered)] ArchiveOpened? open,
        [Callback(Context = nameof(context), Lifetime = CallbackLifetime.Registered)] ArchiveWrite write,
        [Callback(Context = nameof(context), Lifetime = CallbackLifetime.Registered)] ArchiveOpened? close);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_write_header")]
    public static partial int WriteHeader([Handle("archive", HandleUse.Used)] nint archive, [Handle("entry", HandleUse.Used)] nint entry);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_write_data")]
    [SuccessWhen(SuccessRule.Always)]
    [return: Number]
    public static partial nint WriteData(
        [Handle("archive", HandleUse.Used)] nint archive,
        [Buffer(Length = nameof(length))] ReadOnlySpan<byte> data,
        nuint length);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_write_free")]
    public static partial int WriteFree([Handle("archive", HandleUse.Consumed)] nint archive);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_read_new")]
    [SuccessWhen(SuccessRule.NonZero)]
    [return: Handle("archive", HandleUse.Produced)]
    public static partial nint ReadNew();

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_read_support_format_all")]
    public static partial int ReadSupportFormatAll([Handle("archive", HandleUse.Used)] nint archive);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_read_open")]
    public static partial int ReadOpen(
        [Handle("archive", HandleUse.Used)] nint archive,
        nint context,
        [Callback(Context = nameof(context), Lifetime = CallbackLifetime.Registered)] ArchiveOpened? open,
        [Callback(Context = nameof(context), Lifetime = CallbackLifetime.Registered)] ArchiveRead read,
        [Callback(Context = nameof(context), Lifetime = CallbackLifetime.Registered)] ArchiveOpened? close);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_read_next_header2")]
    public static partial int ReadNextHeader(
        [Handle("archive", HandleUse.Used)] nint archive,
        [Handle("entry", HandleUse.Used)] nint entry);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_read_data")]
    [StreamRead(nameof(archive), nameof(buffer))]
    [SuccessWhen(SuccessRule.Always)]
    public static partial nint ReadData(
        [Handle("archive", HandleUse.Used)] nint archive,
        [Buffer(Length = nameof(length), WrittenByReturnValue = true)] Span<byte> buffer,
        nuint length);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_read_data_block")]
    public static partial int ReadDataBlock(
        [Handle("archive", HandleUse.Used)] nint archive,
        [LibraryMemory(Length = nameof(size), Owner = nameof(archive))] out nint block,
        out nuint size,
        out long offset);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_read_free")]
    public static partial int ReadFree([Handle("archive", HandleUse.Consumed)] nint archive);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_error_string")]
    [return: LibraryText(Owner = nameof(archive))]
    public static partial nint ErrorString([Handle("archive", HandleUse.Used)] nint archive);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_entry_new")]
    [SuccessWhen(SuccessRule.NonZero)]
    [return: Handle("entry", HandleUse.Produced)]
    public static partial nint EntryNew();

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_entry_free")]
    public static partial void EntryFree([Handle("entry", HandleUse.Consumed)] nint entry);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_entry_set_pathname_utf8", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void EntrySetPathname([Handle("entry", HandleUse.Used)] nint entry, string name);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_entry_set_size")]
    public static partial void EntrySetSize([Handle("entry", HandleUse.Used)] nint entry, long size);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_entry_set_filetype")]
    public static partial void EntrySetFiletype([Handle("entry", HandleUse.Used)] nint entry, uint type);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_entry_set_perm")]
    public static partial void EntrySetPermissions([Handle("entry", HandleUse.Used)] nint entry, uint permissions);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_entry_pathname_utf8")]
    [return: LibraryText(Owner = nameof(entry))]
    public static partial nint EntryPathname([Handle("entry", HandleUse.Used)] nint entry);

    [LibraryImport("libarchive.so.13", EntryPoint = "archive_entry_size")]
    [SuccessWhen(SuccessRule.Always)]
    public static partial long EntrySize([Handle("entry", HandleUse.Used)] nint entry);
}

/// <summary>Writes an archive through a callback, reads it through another, whole and cut off.</summary>
internal static unsafe class ArchiveProgram
{
    private const int End = 1;
    private const int Fatal = -30;

    public static void Run(IArchive archive)
    {
        byte[] tar = Write(archive);
        Assert.Equal("a.txt", Encoding.ASCII.GetString(tar, 0, 5));
        Assert.Equal("ustar", Encoding.ASCII.GetString(tar, 257, 5));
        Assert.Equal(
            [("a.txt", "hello, archive"), ("b/empty", ""), ("c", new string('c', 2000))],
            Read(archive, tar, 700, out string? error));
        Assert.Null(error);

        // Cut in the data of the last entry: the error is not the end.
        Read(archive, tar[..2600], 512, out error);
        Assert.Equal("Truncated tar archive", error);
    }

    private static byte[] Write(IArchive archive)
    {
        using MemoryStream tar = new();
        int opened = 0;
        ArchiveOpened open = (_, context) => context == 5 ? opened++ : -1;
        ArchiveOpened close = (_, context) => context == 5 ? opened-- - 1 : -1;
        ArchiveWrite write = (_, _, data, length) =>
        {
            tar.Write(new ReadOnlySpan<byte>((void*)data, (int)length));
            return (nint)length;
        };
        nint writer = archive.WriteNew();
        Assert.Equal(0, archive.WriteSetFormatUstar(writer));
        Assert.Equal(0, archive.WriteOpen(writer, 5, open, write, close));
        Assert.Equal(1, opened);
        foreach ((string name, string content) in new[] { ("a.txt", "hello, archive"), ("b/empty", ""), ("c", new string('c', 2000)) })
        {
            nint entry = archive.EntryNew();
            archive.EntrySetPathname(entry, name);
            archive.EntrySetSize(entry, content.Length);
            archive.EntrySetFiletype(entry, 0x8000);
            archive.EntrySetPermissions(entry, 0x1A4);
            Assert.Equal(0, archive.WriteHeader(writer, entry));
            Assert.Equal(content.Length, archive.WriteData(writer, Encoding.ASCII.GetBytes(content), (nuint)content.Length));
            archive.EntryFree(entry);
        }

        Assert.Equal(0, archive.WriteFree(writer));
        Assert.Equal(0, opened);
        GC.KeepAlive(open);
        GC.KeepAlive(close);
        GC.KeepAlive(write);
        return tar.ToArray();
    }

    private static List<(string Name, string Content)> Read(IArchive archive, byte[] tar, int step, out string? error)
    {
        List<(string, string)> entries = [];
        int given = 0;
        fixed (byte* data = tar)
        {
            nint start = (nint)data;
            ArchiveRead read = (_, _, block) =>
            {
                int count = Math.Min(step, tar.Length - given);
                *block = (void*)(start + given);
                given += count;
                return count;
            };
            nint reader = archive.ReadNew();
            Assert.Equal(0, archive.ReadSupportFormatAll(reader));
            Assert.Equal(0, archive.ReadOpen(reader, 0, null, read, null));
            nint entry = archive.EntryNew();
            int status;
            while ((status = archive.ReadNextHeader(reader, entry)) == 0)
            {
                string name = Marshal.PtrToStringUTF8(archive.EntryPathname(entry))!;
                using MemoryStream content = new();
                status = name == "c" ? ReadBlocks(archive, reader, content) : ReadBuffers(archive, reader, content);
                Assert.True(status < 0 || content.Length == archive.EntrySize(entry));
                entries.Add((name, Encoding.ASCII.GetString(content.ToArray())));
                if (status < 0)
                {
                    break;
                }
            }

            Assert.True(status is End or Fatal);
            error = status == Fatal ? Marshal.PtrToStringUTF8(archive.ErrorString(reader)) : null;
            archive.EntryFree(entry);
            Assert.Equal(0, archive.ReadFree(reader));
            GC.KeepAlive(read);
        }

        return entries;
    }

    private static int ReadBuffers(IArchive archive, nint reader, MemoryStream content)
    {
        byte[] buffer = new byte[5];
        nint count;
        while ((count = archive.ReadData(reader, buffer, 5)) > 0)
        {
            content.Write(buffer, 0, (int)count);
        }

        return (int)count;
    }

    private static int ReadBlocks(IArchive archive, nint reader, MemoryStream content)
    {
        int status;
        while ((status = archive.ReadDataBlock(reader, out nint block, out nuint size, out long offset)) == 0)
        {
            Assert.Equal(content.Length, offset);
            content.Write(new ReadOnlySpan<byte>((void*)block, (int)size));
        }

        return status == End ? 0 : status;
    }
}
