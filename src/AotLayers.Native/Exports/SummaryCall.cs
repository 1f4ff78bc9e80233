namespace AotLayers.Native;

/// <summary>What the exported functions that report progress and fill an <see cref="AotlSummary"/> have in common.</summary>
internal static unsafe class SummaryCall
{
    /// <summary>Does a function's work, and turns what it throws into its code.</summary>
    /// <param name="summary">Gets the result, untouched on failure; null when not wanted.</param>
    /// <param name="progress">The caller's callback; null for none.</param>
    /// <param name="user">Passed to it.</param>
    /// <param name="work">Reads the arguments, does it, and describes the result.</param>
    public static int Run(
        AotlSummary* summary,
        delegate* unmanaged[Cdecl]<void*, AotlProgress*, int> progress,
        void* user,
        Func<ProgressReporter, AotlSummary> work)
    {
        try
        {
            uint size = summary is null ? 0 : SizedStruct.Check(summary, FirstSizes.Summary, "summary", "aotl_summary");
            using var reporter = new ProgressReporter(progress, user);
            AotlSummary value = work(reporter);
            if (summary is not null)
            {
                SizedStruct.Store(ref value, summary, size);
            }

            return ResultCodes.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }
}
