using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AotLayers.App;

namespace AotLayers.Native;

/// <summary>Exported functions that check a layer and give it another form.</summary>
[CSection(6, "Verifying and converting")]
public static unsafe class VerifyExports
{
    /// <summary>
    /// Checks a layer against the rules that Windows and the programs that import layers demand. Findings are no failure: the callback gets
    /// them, and the summary counts them.
    /// </summary>
    /// <param name="source">As in aotl_open.</param>
    /// <param name="optionsJson">
    /// NULL, or a JSON object. A key that is not known is an error that names it.
    /// <para>- "parents": array of sources, nearest first, into which hard links and whiteouts may lead; with "hcs" as in aotl_open</para>
    /// <para>- "disable": array of "RULE=reason": rules that are not asked, and why</para>
    /// <para>- "limit": how many findings of one rule are told, 100 by default; 0 for all</para>
    /// <para>- "expectDiffId", "expectDigest": "sha256:" and 64 digits that the tar before compression, and the file, must have</para>
    /// <para>- "hcs", "reader", "home", "flavour", "record", "recordData", "replayOrder", "image", "layer", "merged": as in
    /// aotl_open</para>
    /// </param>
    /// <param name="findings">Called on this thread for each finding; NULL for none.</param>
    /// <param name="user">Passed to findings.</param>
    /// <param name="summary">Gets the result, untouched on failure; NULL when not wanted. Its struct_size must be set.</param>
    /// <returns>AOTL_OK, or why the layer could not be read; AOTL_E_CANCELLED when findings asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_verify", CallConvs = [typeof(CallConvCdecl)])]
    public static int Verify(
        byte* source,
        byte* optionsJson,
        [CType("aotl_finding_callback")] delegate* unmanaged[Cdecl]<void*, AotlFinding*, int> findings,
        void* user,
        AotlVerifySummary* summary)
    {
        try
        {
            uint size = summary is null ? 0 : SizedStruct.Check(summary, FirstSizes.VerifySummary, "summary", "aotl_verify_summary");
            var request = VerifyRequest.FromJson(
                NativeString.Read(source, "source"), NativeString.ReadOptional(optionsJson, "options_json"));
            using var reporter = new FindingReporter(findings, user);
            VerifySummary result = Run(request, reporter);
            if (summary is not null)
            {
                AotlVerifySummary value = Describe(result);
                SizedStruct.Store(ref value, summary, size);
            }

            return ResultCodes.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    /// <summary>
    /// Gives a layer another form: a layer tar, a transport folder or a recording. The destination appears whole or not at all.
    /// aotl_last_result_json() lists what is lost.
    /// </summary>
    /// <param name="source">As in aotl_open; with "fromLinux" a tar of a Linux root.</param>
    /// <param name="optionsJson">
    /// NULL, or a JSON object. A key that is not known is an error that names it.
    /// <para>- "target": "tar", "folder", "recording", or "auto" (default): by the destination's name</para>
    /// <para>- "compression": "none", "gzip" or "zstd"; by default what the destination's name says</para>
    /// <para>- "lossless": true to keep what the destination has no place for, in records or a file that other programs ignore</para>
    /// <para>- "unsupported": "fail" (default), "skip" or "keep": what becomes of entries that the destination has no form for</para>
    /// <para>- "linkDuplicates": true to make files that are the same hard links</para>
    /// <para>- "sourceDateEpoch": seconds since 1970 that no time is later than</para>
    /// <para>- "fromLinux": true to make a layer of Windows of a Linux root; "directorySddl", "fileSddl": its security</para>
    /// <para>- "hcs", "parents", "reader", "home", "flavour", "record", "recordData", "replayOrder", "image", "layer", "merged": as in
    /// aotl_open</para>
    /// </param>
    /// <param name="destination">The file or folder to make. Its directory must exist.</param>
    /// <param name="progress">Called on this thread while a tar is written; NULL for none.</param>
    /// <param name="user">Passed to progress.</param>
    /// <param name="summary">Gets the result, untouched on failure; NULL when not wanted. Its struct_size must be set.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_CANCELLED when progress asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_convert", CallConvs = [typeof(CallConvCdecl)])]
    public static int Convert(
        byte* source,
        byte* optionsJson,
        byte* destination,
        [CType("aotl_progress_callback")] delegate* unmanaged[Cdecl]<void*, AotlProgress*, int> progress,
        void* user,
        AotlSummary* summary)
    {
        return SummaryCall.Run(summary, progress, user, reporter =>
        {
            var request = ConvertRequest.FromJson(
                NativeString.Read(source, "source"),
                NativeString.ReadOptional(optionsJson, "options_json"),
                NativeString.Read(destination, "destination"));
            return Describe(Run(request, reporter));
        });
    }

    private static VerifySummary Run(VerifyRequest request, FindingReporter findings)
    {
        try
        {
            VerifyResult result = VerifyTask.Run(request, standardInput: null, findings.Report, findings.Token);
            LastError.SetResult(json => result.WriteMembers(json, findings: null));
            return result.Summary;
        }
        catch (OperationCanceledException)
        {
            throw new NativeCallException(
                ResultCodes.Cancelled, $"the verification of {request.Layer.Source} was stopped by the callback");
        }
    }

    private static ConvertResult Run(ConvertRequest request, ProgressReporter progress)
    {
        try
        {
            request.Check();
            progress.ReportStart();
            ConvertResult result = ConvertTask.Run(request, standardInput: null, output: null, progress, progress.Token);
            LastError.SetResult(result.WriteMembers);
            return result;
        }
        catch (OperationCanceledException)
        {
            throw new NativeCallException(
                ResultCodes.Cancelled,
                $"the conversion of {request.Layer.Source} was stopped by the progress callback; nothing was left behind");
        }
    }

    private static AotlVerifySummary Describe(VerifySummary summary)
    {
        var value = new AotlVerifySummary
        {
            Errors = (ulong)summary.Errors,
            Warnings = (ulong)summary.Warnings,
            Notes = (ulong)summary.Notes,
            NotTold = (ulong)summary.NotTold,
            Entries = (ulong)summary.Entries,
            Tombstones = (ulong)summary.Tombstones,
            HardLinks = (ulong)summary.HardLinks,
            Bytes = (ulong)summary.Bytes,
            TarBytes = (ulong)summary.TarBytes,
            FileBytes = (ulong)summary.FileBytes,
        };
        NativeString.Write(summary.DiffId ?? "", value.DiffId);
        NativeString.Write(summary.Digest ?? "", value.Digest);
        return value;
    }

    private static AotlSummary Describe(ConvertResult result)
    {
        var value = new AotlSummary
        {
            Entries = (ulong)result.Entries,
            Tombstones = (ulong)result.Tombstones,
            HardLinks = (ulong)result.HardLinks,
            Bytes = (ulong)(result.Tar?.Bytes ?? 0),
            TarBytes = (ulong)(result.Tar?.TarBytes ?? 0),
            FileBytes = (ulong)result.FileBytes,
            Losses = (ulong)result.Losses.Count,
        };
        NativeString.Write(result.Tar?.DiffId ?? "", value.DiffId);
        NativeString.Write(result.Tar?.Digest ?? "", value.Digest);
        NativeString.Write(result.Reader, value.Reader);
        return value;
    }
}
