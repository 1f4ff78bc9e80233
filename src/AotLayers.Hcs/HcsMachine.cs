using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Hcs;

/// <summary>
/// The native calls that layers are made of, behind their interfaces: those of this machine, of a library chosen by path, of a recording,
/// of a simulator, or any of them wrapped by a recorder.
/// </summary>
public sealed record HcsMachine
{
    /// <summary>Layer calls.</summary>
    public required IVmcompute Vmcompute { get; init; }

    /// <summary>
    /// Files and backup streams. Transport folders and base layers are read through it, so that a recording holds all that was read.
    /// </summary>
    public required IKernel32 Kernel32 { get; init; }

    /// <summary>The documented storage calls of newer Windows.</summary>
    public required IComputestorage Computestorage { get; init; }

    /// <summary>Token calls, on a real Windows only. Null where no privilege has to be enabled: replays and simulators.</summary>
    public IAdvapi32? Advapi32 { get; init; }

    /// <summary>This machine's own libraries, or others in their place. Nothing is loaded before the first call or probe.</summary>
    /// <param name="library">
    /// Path of a library that exports the layer calls of <c>vmcompute</c> and, where it has them, those of <c>computestorage</c>; null
    /// for the system's. One that exports <c>BackupRead</c> is asked for all file calls, too: who brings layers of its own brings the
    /// files that they are made of. Process-wide: a second, different choice is refused.
    /// </param>
    /// <exception cref="MissingLibraryException">The library does not load.</exception>
    public static HcsMachine Native(string? library = null)
    {
        if (library is not null)
        {
            NativeVmcompute.UseLibrary(library);
            NativeComputestorage.UseLibrary(library);
            if (!OperatingSystem.IsWindows() || BringsFiles(library))
            {
                // Off Windows there is no other kernel32.
                NativeKernel32.UseLibrary(library);
            }
        }

        return new HcsMachine
        {
            Vmcompute = new NativeVmcompute(),
            Kernel32 = new NativeKernel32(),
            Computestorage = new NativeComputestorage(),
            Advapi32 = OperatingSystem.IsWindows() ? new NativeAdvapi32() : null,
        };
    }

    // The library is loaded already; what counts is asked, not called.
    private static bool BringsFiles(string library) =>
        NativeLibrary.TryLoad(Path.GetFullPath(library), out nint handle) && NativeLibrary.TryGetExport(handle, "BackupRead", out _);

    /// <summary>A machine that answers from a recording.</summary>
    /// <param name="replayer">Stands somewhere in the recording; shared by all APIs, so that their order is checked over all of
    /// them.</param>
    public static HcsMachine Replayed(Replayer replayer) => new()
    {
        Vmcompute = new ReplayingVmcompute(replayer),
        Kernel32 = new ReplayingKernel32(replayer),
        Computestorage = new ReplayingComputestorage(replayer),
    };

    /// <summary>
    /// This machine with a recorder around it. Token calls stay out: which privileges an account holds says nothing about layers, and no
    /// replay needs them.
    /// </summary>
    /// <param name="recorder">Takes down all calls.</param>
    public HcsMachine Recorded(Recorder recorder) => this with
    {
        Vmcompute = new RecordingVmcompute(Vmcompute, recorder),
        Kernel32 = new RecordingKernel32(Kernel32, recorder),
        Computestorage = new RecordingComputestorage(Computestorage, recorder),
    };

    /// <summary>This machine with faults. Token calls stay as they are.</summary>
    /// <param name="plan">Which calls fail, and how.</param>
    public HcsMachine Faulting(FaultPlan plan) => this with
    {
        Vmcompute = new FaultingVmcompute(Vmcompute, plan),
        Kernel32 = new FaultingKernel32(Kernel32, plan),
        Computestorage = new FaultingComputestorage(Computestorage, plan),
    };
}
