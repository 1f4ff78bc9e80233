using AotLayers.Interop;

namespace AotLayers.Shim;

/// <summary>
/// The recorder inside somebody else's program. It takes the place of a library's functions as they are looked up, and copies their calls
/// into memory that the recording process made (docs/decisions/ring.md#inside-the-program).
/// </summary>
internal static class ShimRecorder
{
    /// <summary>Environment variable with the path of the shared memory, without its number.</summary>
    public const string Variable = "AOTLAYERS_RECORD";

    /// <summary>Environment variable with the names of the APIs that are recorded, separated by commas; without it all are.</summary>
    public const string ApisVariable = "AOTLAYERS_RECORD_APIS";

    /// <summary>Environment variable that is set when processes beyond the first are recorded as well.</summary>
    public const string FollowVariable = "AOTLAYERS_RECORD_FOLLOW";

    /// <summary>An export that only this library has.</summary>
    public const string OwnExport = "aotlayers_redirect";

    // ERROR_ALREADY_ASSIGNED
    private const int AlreadyRecorded = unchecked((int)0x80070055);
    private const int MostProcesses = 1000;
    private const int WaitMilliseconds = 5;
    private const int MostWaits = 1000;

    private static readonly Lock s_lock = new();
    private static readonly HashSet<string> s_registered = new(StringComparer.Ordinal);
    private static readonly Lazy<bool> s_isLinuxRecorder = new(static () => OperatingSystem.IsLinux() && Preload.IsRecorder() != 0);
    private static Recorder? s_recorder;
    private static bool s_tried;
    private static string? s_apis;

    /// <summary>The recorder, once a function has been redirected.</summary>
    public static Recorder? Current => OperatingSystem.IsLinux() && Preload.IsForked() != 0 ? null : s_recorder;

    /// <summary>
    /// The function that a program means which was linked with the library instead of looking it up: it was bound to this library, as that
    /// one was loaded first. 0 where calls are not recorded.
    /// </summary>
    public static nint FindLinked(string export)
    {
        if (!s_isLinuxRecorder.Value || !OperatingSystem.IsLinux())
        {
            return 0;
        }

        nint function = Preload.Next(export);
        if (function != 0)
        {
            Redirect(library: null, export, function, name => Preload.Next(name));
        }

        return function;
    }

    /// <summary>Decides what a lookup gives.</summary>
    /// <param name="library">Where the function was found; null for anywhere.</param>
    /// <param name="export">Its name.</param>
    /// <param name="function">The library's own function, 0 when it has none of that name.</param>
    /// <param name="lookup">Finds other exports of the same library.</param>
    /// <returns>The entry point that records, or <paramref name="function"/>.</returns>
    public static nint Redirect(string? library, string export, nint function, Func<string, nint> lookup)
    {
        NativeApiInfo? api = Find(library, export);
        if (api is null)
        {
            return function;
        }

        lock (s_lock)
        {
            if (Attach() is not { } recorder)
            {
                return function;
            }

            if (s_registered.Add(api.Name))
            {
                recorder.Register(new LookedUpApi(api, lookup));

                // A copy of this library in the place of the real one: it answers from a simulated machine.
                if (lookup(OwnExport) != 0)
                {
                    recorder.SetSimulated();
                }
            }

            return function != 0 && HcsExports.Redirect(export, function) ? HcsExports.GetEntryPoint(export) : function;
        }
    }

    /// <summary>The API that a library's export belongs to, when it is one that is recorded.</summary>
    public static NativeApiInfo? Find(string? library, string export)
    {
        foreach (NativeApiInfo api in HcsExports.Apis)
        {
            if (IsChosen(api) && (library is null || LibraryName.Equal(library, api.Library)) && api.Exports.Contains(export))
            {
                return api;
            }
        }

        return null;
    }

    /// <summary>An API that --api names, or any where it names none.</summary>
    public static bool IsChosen(NativeApiInfo api) =>
        (s_apis ?? Environment.GetEnvironmentVariable(ApisVariable)) is not { Length: > 0 } chosen
        || chosen.Split(',').Contains(api.Name, StringComparer.Ordinal);

    /// <summary>Takes the shared memory at once, in a process that the recording process has started or chosen.</summary>
    /// <param name="ring">The shared memory, with its number.</param>
    /// <param name="apis">The APIs that are recorded, as in <see cref="ApisVariable"/>.</param>
    /// <returns>0, or what went wrong as an HRESULT.</returns>
    public static int Start(string ring, string apis)
    {
        lock (s_lock)
        {
            s_tried = true;
            s_apis = apis;
            try
            {
                s_recorder = Recorder.Attach(ring, Environment.ProcessId);
                return s_recorder is null ? AlreadyRecorded : 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                ShimLog.Write("recorder", e);
                return NativeExportFailure.HResult(e);
            }
        }
    }

    // Where recording fails, the program goes on as if there were no recorder.
    private static Recorder? Attach()
    {
        if (s_tried)
        {
            return s_recorder;
        }

        s_tried = true;
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            return null;
        }

        bool follow = Environment.GetEnvironmentVariable(FollowVariable) is { Length: > 0 };
        int waits = 0;
        for (int number = 1; number <= (follow ? MostProcesses : 1) && s_recorder is null;)
        {
            try
            {
                s_recorder = Recorder.Attach(RingPath(path, number), Environment.ProcessId);
                number++;
                waits = 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // The next one is made when the last has been taken.
                if (number == 1 || ++waits > MostWaits)
                {
                    ShimLog.Write("recorder", e);
                    break;
                }

                Thread.Sleep(WaitMilliseconds);
            }
        }

        return s_recorder;
    }

    private static string RingPath(string path, int number) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}.{number}");

    /// <summary>An API of which only the lookup of its exports is known.</summary>
    private sealed class LookedUpApi(NativeApiInfo info, Func<string, nint> lookup) : INativeApi
    {
        public NativeApiInfo Info => info;

        public ExportStatus Probe(string export) => lookup(export) == 0 ? ExportStatus.ExportMissing : ExportStatus.Present;
    }
}
