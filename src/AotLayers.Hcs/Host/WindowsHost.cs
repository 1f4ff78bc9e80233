namespace AotLayers.Hcs;

/// <summary>
/// The calls that tell about this Windows and this account rather than about layers. They are not recorded: what an account may do and
/// which filters a machine has says nothing about a layer, and is nobody else's business.
/// </summary>
public sealed class WindowsHost
{
    /// <summary>The process's token, and the registry.</summary>
    public required IAdvapi32 Advapi32 { get; init; }

    /// <summary>Closes tokens.</summary>
    public required IKernel32 Kernel32 { get; init; }

    /// <summary>Volumes.</summary>
    public required IVolumes Volumes { get; init; }

    /// <summary>File system filters.</summary>
    public required IFltlib Fltlib { get; init; }

    /// <summary>Whether this is Wine.</summary>
    public required INtdll Ntdll { get; init; }

    /// <summary>This machine's; null where there is no Windows. Nothing is loaded before the first call.</summary>
    public static WindowsHost? Native() => !OperatingSystem.IsWindows() ? null : new WindowsHost
    {
        Advapi32 = new NativeAdvapi32(),
        Kernel32 = new NativeKernel32(),
        Volumes = new NativeVolumes(),
        Fltlib = new NativeFltlib(),
        Ntdll = new NativeNtdll(),
    };
}
