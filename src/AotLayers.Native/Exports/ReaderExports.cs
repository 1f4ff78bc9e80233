using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotLayers.Native;

/// <summary>Exported functions that read a layer entry by entry.</summary>
[CSection(2, "Reading")]
public static unsafe class ReaderExports
{
    /// <summary>Two copies of the library in one process lie at different addresses.</summary>
    private static readonly HandleTable<ReaderSession> s_readers =
        new((uint)((nuint)(delegate* unmanaged[Cdecl]<int>)&LibraryExports.GetAbiVersion >> 8));

    /// <summary>
    /// Opens a layer. Without the option "hcs" the source is a file or a folder that any system can read: a layer tar (plain, gzip,
    /// zstd), a transport folder, or a recording. With it, the source is a layer of that Host Compute Service.
    /// </summary>
    /// <param name="source">
    /// Path of the tar, folder or recording; with "hcs" the path of the layer's folder, or with "home" its bare id.
    /// </param>
    /// <param name="optionsJson">
    /// NULL, or a JSON object. A key that is not known is an error that names it.
    /// <para>- "hcs": "native" (this Windows), "lib:PATH" (a library with its calls), "replay:FILE" (a recording) or "sim:DIR" (simulated
    /// layers)</para>
    /// <para>- "parents": array of paths, nearest first, base layer last</para>
    /// <para>- "reader": "auto" (default), "stream", "folder" or "base"</para>
    /// <para>- "api": "auto" (default), "vmcompute" or "computestorage": which library's calls are made where both have one</para>
    /// <para>- "home", "flavour": home directory and number of the layer driver, for bare ids</para>
    /// <para>- "record": path of a recording to write of all calls to the HCS; aotl_close completes it</para>
    /// <para>- "recordData": "all" (default), "digest" or "lengths": how much of the layer's data the recording keeps; only "all" can be
    /// replayed</para>
    /// <para>- "replayOrder": "strict" (default) or "per-handle": which order of calls a replay accepts</para>
    /// <para>- "compression", "digest", "unsupported", "lossless": see aotl_export</para>
    /// </param>
    /// <param name="reader">Gets the reader; NULL on failure.</param>
    /// <returns>AOTL_OK, or what failed.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_open", CallConvs = [typeof(CallConvCdecl)])]
    public static int Open(byte* source, byte* optionsJson, AotlReader** reader)
    {
        try
        {
            NativeCallException.ThrowIfNull(reader, "reader");
            *reader = null;
            var session = ReaderSession.Open(Requests.Read(source, optionsJson));
            try
            {
                *reader = (AotlReader*)s_readers.Add(session);
            }
            catch
            {
                session.Dispose();
                throw;
            }

            return ResultCodes.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    /// <summary>Goes on to the next entry; parents come before children. What is left of the current entry is skipped.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="entry">Gets the entry; untouched at the end and on failure. Its struct_size must be set.</param>
    /// <returns>AOTL_OK (0): an entry. AOTL_END (1): there are no more. Negative: reading failed; every further call returns the same
    /// error.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_next", CallConvs = [typeof(CallConvCdecl)])]
    public static int Next(AotlReader* reader, AotlEntry* entry)
    {
        try
        {
            uint size = SizedStruct.Check(entry, FirstSizes.Entry, "entry", "aotl_entry");
            ReaderSession session = s_readers.Acquire((nint)reader);
            try
            {
                if (!session.Next(out AotlEntry value))
                {
                    return ResultCodes.End;
                }

                SizedStruct.Store(ref value, entry, size);
                return ResultCodes.Ok;
            }
            finally
            {
                s_readers.Release((nint)reader);
            }
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    /// <summary>
    /// Reads on in the current entry's Win32 backup stream: security, extended attributes, reparse data, data, alternate streams, as
    /// BackupRead gives them and BackupWrite takes them. Use this or aotl_read_data for an entry, not both.
    /// </summary>
    /// <param name="reader">The reader.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="length">Size of the buffer in bytes, at least 1.</param>
    /// <param name="read">Gets the number of bytes that were read: at least 1, and 0 at the end of the stream.</param>
    /// <returns>AOTL_OK, or what failed. AOTL_E_STATE before the first entry, after the last one, and after aotl_read_data.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_read", CallConvs = [typeof(CallConvCdecl)])]
    public static int Read(AotlReader* reader, void* buffer, nuint length, nuint* read) => Read(reader, buffer, length, read, plain: false);

    /// <summary>
    /// Reads on in the current entry's main data stream: the content of the file and nothing else. The holes of a sparse file are zeros.
    /// Directories and tombstones have none. Use this or aotl_read for an entry, not both.
    /// </summary>
    /// <param name="reader">The reader.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="length">Size of the buffer in bytes, at least 1.</param>
    /// <param name="read">Gets the number of bytes that were read: at least 1, and 0 at the end of the stream.</param>
    /// <returns>AOTL_OK, or what failed. AOTL_E_STATE before the first entry, after the last one, and after aotl_read.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_read_data", CallConvs = [typeof(CallConvCdecl)])]
    public static int ReadData(AotlReader* reader, void* buffer, nuint length, nuint* read) =>
        Read(reader, buffer, length, read, plain: true);

    /// <summary>
    /// Reads what the current entry is besides its content: security, reparse data, extended attributes, streams. It reads the entry's
    /// backup stream, so use this, aotl_read or aotl_read_data for an entry, not two of them.
    /// </summary>
    /// <param name="reader">The reader.</param>
    /// <param name="metadata">Gets the metadata; untouched on failure. Its struct_size must be set.</param>
    /// <returns>AOTL_OK, or what failed. AOTL_E_STATE before the first entry, after the last one, and after aotl_read or
    /// aotl_read_data.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_entry_metadata", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetMetadata(AotlReader* reader, AotlMetadata* metadata)
    {
        try
        {
            uint size = SizedStruct.Check(metadata, FirstSizes.Metadata, "metadata", "aotl_metadata");
            ReaderSession session = s_readers.Acquire((nint)reader);
            try
            {
                AotlMetadata value = session.DescribeMetadata();
                SizedStruct.Store(ref value, metadata, size);
                return ResultCodes.Ok;
            }
            finally
            {
                s_readers.Release((nint)reader);
            }
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    /// <summary>
    /// The same as JSON, decoded: times as text, names of attributes, SDDL, targets, streams, extended attributes, links. Can be called
    /// before or after aotl_entry_metadata.
    /// </summary>
    /// <param name="reader">The reader.</param>
    /// <param name="json">Gets one JSON object, NUL-terminated; it belongs to the reader: valid until the next aotl_next or aotl_close of
    /// it.</param>
    /// <returns>AOTL_OK, or what failed, as aotl_entry_metadata.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_entry_metadata_json", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetMetadataJson(AotlReader* reader, [CType("const char **")] byte** json)
    {
        try
        {
            NativeCallException.ThrowIfNull(json, "json");
            *json = null;
            ReaderSession session = s_readers.Acquire((nint)reader);
            try
            {
                *json = session.WriteMetadata();
                return ResultCodes.Ok;
            }
            finally
            {
                s_readers.Release((nint)reader);
            }
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    /// <summary>
    /// Closes a reader. The handle is closed whatever is returned, except AOTL_E_BUSY. After a layer was read to its end, a failure means
    /// that it is not to be trusted, as does a failure to complete the recording or a replay whose recording has calls left.
    /// </summary>
    /// <param name="reader">The reader; NULL does nothing.</param>
    /// <returns>AOTL_OK, or what failed. AOTL_E_HANDLE when it was closed before, AOTL_E_BUSY while another thread uses it.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_close", CallConvs = [typeof(CallConvCdecl)])]
    public static int Close(AotlReader* reader)
    {
        if (reader is null)
        {
            return ResultCodes.Ok;
        }

        try
        {
            ReaderSession session = s_readers.Acquire((nint)reader);
            s_readers.Remove((nint)reader);
            session.Close();
            return ResultCodes.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    private static int Read(AotlReader* reader, void* buffer, nuint length, nuint* read, bool plain)
    {
        try
        {
            NativeCallException.ThrowIfNull(read, "read");
            *read = 0;
            NativeCallException.ThrowIfNull(buffer, "buffer");
            if (length == 0)
            {
                throw new NativeCallException(
                    ResultCodes.InvalidArgument,
                    "length is 0: reading nothing would look like the end of the stream");
            }

            ReaderSession session = s_readers.Acquire((nint)reader);
            try
            {
                *read = (nuint)session.Read(new Span<byte>(buffer, (int)Math.Min(length, int.MaxValue)), plain);
                return ResultCodes.Ok;
            }
            finally
            {
                s_readers.Release((nint)reader);
            }
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }
}
