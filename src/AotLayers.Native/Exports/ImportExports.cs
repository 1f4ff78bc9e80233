using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AotLayers.App;

namespace AotLayers.Native;

/// <summary>Exported function that makes a layer.</summary>
[CSection(4, "Importing")]
public static unsafe class ImportExports
{
    /// <summary>
    /// Makes a layer of an OCI layer tar (plain, gzip or zstd, told by its content): all of it, or nothing. After a failure, or when the
    /// callback stops it, there is no layer.
    /// </summary>
    /// <param name="path">The tar.</param>
    /// <param name="layer">Path of the layer's folder, or with "home" its bare id. It must not be there yet.</param>
    /// <param name="optionsJson">
    /// NULL, or a JSON object. A key that is not known is an error that names it.
    /// <para>- "hcs": which Host Compute Service, as in aotl_open; "native" by default</para>
    /// <para>- "parents", "home", "flavour", "record", "recordData", "replayOrder": as in aotl_open</para>
    /// <para>- "writer": "auto" (default), "stream", "folder" or "base"</para>
    /// <para>- "expectDiffId", "expectDigest": "sha256:" and 64 digits that the tar before compression, and the file, must have</para>
    /// </param>
    /// <param name="progress">Called on this thread while the import runs; NULL for none.</param>
    /// <param name="user">Passed to progress.</param>
    /// <param name="summary">Gets the result, untouched on failure; NULL when not wanted. Its struct_size must be set.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_CANCELLED when progress asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_import", CallConvs = [typeof(CallConvCdecl)])]
    public static int Import(
        byte* path,
        byte* layer,
        byte* optionsJson,
        [CType("aotl_progress_callback")] delegate* unmanaged[Cdecl]<void*, AotlProgress*, int> progress,
        void* user,
        AotlSummary* summary)
    {
        return SummaryCall.Run(summary, progress, user, reporter =>
        {
            string input = NativeString.Read(path, "path");
            NativeCallException.ThrowIfNull(layer, "layer");
            LayerRequest request = Requests.ReadMachine(layer, optionsJson, JsonOptions.ImportKeys) with { Input = input };
            return Describe(Run(request, reporter));
        });
    }

    private static ImportSummary Run(LayerRequest request, ProgressReporter progress)
    {
        try
        {
            request.Check();
            progress.ReportStart();
            ImportSummary? summary = null;
            ImportTask.Run(
                request,
                input: null,
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
                $"the import of {request.Source} was stopped by the progress callback; there is no layer");
        }
    }

    private static AotlSummary Describe(ImportSummary summary)
    {
        var value = new AotlSummary
        {
            Entries = (ulong)summary.Entries,
            Tombstones = (ulong)summary.Tombstones,
            HardLinks = (ulong)summary.HardLinks,
            Bytes = (ulong)summary.Bytes,
            TarBytes = (ulong)summary.TarBytes,
            FileBytes = (ulong)summary.FileBytes,
        };
        NativeString.Write(summary.DiffId, value.DiffId);
        NativeString.Write(summary.Digest, value.Digest);
        NativeString.Write(summary.Writer, value.Reader);
        return value;
    }
}
