using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AotLayers.App;

namespace AotLayers.Native;

/// <summary>Exported functions that write a layer in another form.</summary>
[CSection(3, "Writing")]
public static unsafe class WriterExports
{
    /// <summary>
    /// Writes a layer as an OCI layer tar, byte for byte as hcsshim and go-winio write it. The file appears whole or not at all: after a
    /// failure, or when the callback stops it, what was at its place before is still there.
    /// </summary>
    /// <param name="source">As in aotl_open.</param>
    /// <param name="optionsJson">
    /// As in aotl_open, and:
    /// <para>- "compression": "none" (default), "gzip" or "zstd"</para>
    /// <para>- "digest": "sha256" (default) or "none"</para>
    /// <para>- "unsupported": "fail" (default), "skip" or "keep": what becomes of reparse points that a tar has no form for</para>
    /// <para>- "lossless": true to keep all that a tar has no place for in records that other programs ignore</para>
    /// </param>
    /// <param name="path">The file to write. Its directory must exist.</param>
    /// <param name="progress">Called on this thread while the export runs; NULL for none.</param>
    /// <param name="user">Passed to progress.</param>
    /// <param name="summary">Gets the result, untouched on failure; NULL when not wanted. Its struct_size must be set.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_CANCELLED when progress asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_export", CallConvs = [typeof(CallConvCdecl)])]
    public static int Export(
        byte* source,
        byte* optionsJson,
        byte* path,
        [CType("aotl_progress_callback")] delegate* unmanaged[Cdecl]<void*, AotlProgress*, int> progress,
        void* user,
        AotlSummary* summary)
    {
        return SummaryCall.Run(summary, progress, user, reporter =>
        {
            LayerRequest request = Requests.Read(source, optionsJson) with { Output = NativeString.Read(path, "path") };
            return Describe(Run(request, reporter));
        });
    }

    private static ExportSummary Run(LayerRequest request, ProgressReporter progress)
    {
        try
        {
            request.Check();
            progress.ReportStart();
            ExportSummary? summary = null;
            ExportTask.Run(
                request,
                output: null,
                progress,
                result =>
                {
                    summary = result.Summary;
                    LastError.SetResult(result.WriteMembers);
                },
                progress.Token);
            return summary!;
        }
        catch (OperationCanceledException)
        {
            throw new NativeCallException(
                ResultCodes.Cancelled,
                $"the export of {request.Source} was stopped by the progress callback; nothing was left behind");
        }
    }

    private static AotlSummary Describe(ExportSummary summary)
    {
        var value = new AotlSummary
        {
            Entries = (ulong)summary.Entries,
            Tombstones = (ulong)summary.Tombstones,
            HardLinks = (ulong)summary.HardLinks,
            Bytes = (ulong)summary.Bytes,
            TarBytes = (ulong)summary.TarBytes,
            FileBytes = (ulong)summary.FileBytes,
            Losses = (ulong)summary.Losses.Count,
        };
        NativeString.Write(summary.DiffId ?? "", value.DiffId);
        NativeString.Write(summary.Digest ?? "", value.Digest);
        NativeString.Write(summary.Reader, value.Reader);
        return value;
    }
}
