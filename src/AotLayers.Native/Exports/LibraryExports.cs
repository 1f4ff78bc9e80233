using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotLayers.Native;

/// <summary>
/// Exported functions about the library itself and about errors. In all classes of this folder summaries, parameters and results are the
/// header's documentation. Each function checks every pointer before it is used and turns every exception into a code: one that left an
/// exported function would end the process (docs/windows/native-libraries.md#exceptions).
/// </summary>
[CSection(1, "The library and its errors")]
public static unsafe class LibraryExports
{
    private static readonly NativeTextBuffer s_version = MakeVersion();

    /// <summary>Version of the interface that this library serves. May be called at any time, before anything else.</summary>
    /// <returns>AOTL_ABI_VERSION of the header that the library was built with. A greater one than the caller's is fine, a smaller one is
    /// not.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_abi_version", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetAbiVersion() => AbiVersion.Current;

    /// <summary>Version of the library, for people.</summary>
    /// <returns>For example "0.1.0". Never NULL; valid for ever.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_version", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* GetVersion() => s_version.Pointer;

    /// <summary>
    /// What went wrong in the latest failing call of this thread: one sentence that names the call, the layer, the entry, the stream and
    /// the offset where they are known, and a hint. Calls that succeed leave it as it is.
    /// </summary>
    /// <returns>UTF-8; "" when nothing failed on this thread. Never NULL. Belongs to the library: valid until the next failing call of
    /// this thread.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_last_error", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* GetLastError() => LastError.Message;

    /// <summary>
    /// The same as a JSON object, as "aotlayers --json" prints it: message, call, code ("0x80070005"), name, layer, parents, entry,
    /// afterEntry, stream, offset, hint, replay; null where not known.
    /// </summary>
    /// <returns>UTF-8; "{}" when nothing failed on this thread. Never NULL. Valid until the next failing call of this thread.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_last_error_json", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* GetLastErrorJson() => LastError.Report;

    /// <summary>What the latest failing call of this thread returned.</summary>
    /// <returns>A code; AOTL_OK when nothing failed on this thread.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_last_error_code", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetLastErrorCode() => LastError.Code;

    /// <summary>Copies what aotl_last_error returns, for callers that cannot keep a pointer. Does not change the latest error.</summary>
    /// <param name="buffer">Gets the text and a NUL; may be NULL when capacity is 0.</param>
    /// <param name="capacity">Size of the buffer in bytes.</param>
    /// <param name="length">Gets the length of the text in bytes, without the NUL; may be NULL.</param>
    /// <returns>AOTL_OK; AOTL_E_INSUFFICIENT_BUFFER when the text and its NUL do not fit: nothing is copied, length says what is needed;
    /// AOTL_E_POINTER.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_last_error_copy", CallConvs = [typeof(CallConvCdecl)])]
    public static int CopyLastError([CType("char *")] byte* buffer, nuint capacity, nuint* length)
    {
        byte* text = LastError.Message;
        nuint size = (nuint)LastError.MessageLength;
        if (length is not null)
        {
            *length = size;
        }

        if (capacity <= size)
        {
            return ResultCodes.InsufficientBuffer;
        }

        if (buffer is null)
        {
            return ResultCodes.Pointer;
        }

        Buffer.MemoryCopy(text, buffer, capacity, size + 1);
        return ResultCodes.Ok;
    }

    /// <summary>
    /// The latest result of this thread, of aotl_export, aotl_import, aotl_doctor and the functions for layers of a machine: as a JSON
    /// object, as "aotlayers export --json" and the other commands print it. Of an export: entries, tombstones, bytes, diffId, digest,
    /// reader, losses and more.
    /// </summary>
    /// <returns>UTF-8; "{}" before the first one. Never NULL. Valid until the next of these functions succeeds on this thread.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_last_result_json", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* GetLastResultJson() => LastError.Result;

    private static NativeTextBuffer MakeVersion()
    {
        var text = new NativeTextBuffer();
        text.Set(typeof(LibraryExports).Assembly.GetName().Version?.ToString(3) ?? "0.0.0");
        return text;
    }
}
