using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>
/// What the calls of both libraries share: exports that are absent, calls that are to fail, one call at a time, the state that is kept.
/// </summary>
internal sealed class LayerCalls(SimulatedVolume volume, SimulatorOptions options, MachineLock machineLock)
{
    private readonly Dictionary<string, int> _failed = new(StringComparer.Ordinal);

    public SimulatedVolume Volume => volume;

    public SimulatorOptions Options => options;

    public MachineLock Lock => machineLock;

    /// <summary>The native binding looks an export up before it calls it, and so does this.</summary>
    public static void Require(INativeApi api, string function) =>
        MissingExportException.ThrowUnlessPresent(api.Probe(function), api.Info.Library, function);

    /// <summary>Answers a call that changes nothing.</summary>
    public int Query(INativeApi api, string function, Func<uint> action) => Run(api, function, action, changes: false);

    /// <summary>Answers a call that may change the machine.</summary>
    public int Change(INativeApi api, string function, Func<uint> action) => Run(api, function, action, changes: true);

    /// <summary>
    /// The code that a call is to fail with by <see cref="SimulatorOptions.Failures"/>; 0 when it is not. The lock is held.
    /// </summary>
    public uint FailureOf(string function)
    {
        if (options.Failures.FirstOrDefault(failure => string.Equals(failure.Call, function, StringComparison.Ordinal)) is not { } failure)
        {
            return 0;
        }

        int times = _failed[function] = _failed.GetValueOrDefault(function) + 1;
        return failure.Times == 0 || times <= failure.Times ? failure.Code : 0;
    }

    private int Run(INativeApi api, string function, Func<uint> action, bool changes)
    {
        Require(api, function);
        using (machineLock.Enter(function))
        {
            uint error = FailureOf(function);
            if (error != 0)
            {
                return HResult.FromWin32(error);
            }

            try
            {
                error = action();
                if (changes)
                {
                    volume.State?.Save();
                }
            }
            catch (SimulatedFaultException e)
            {
                error = e.Code;
            }
            catch (Exception e) when (e is IOException and not HcsException or UnauthorizedAccessException)
            {
                // The disk that keeps the state.
                error = Win32Error.FromDisk(e);
            }

            return HResult.FromWin32(error);
        }
    }
}
