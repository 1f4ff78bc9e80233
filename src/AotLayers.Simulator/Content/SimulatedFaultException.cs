namespace AotLayers.Simulator;

/// <summary>
/// A read that fails with a Win32 code. It becomes an HRESULT or a last error at the call that met it and never leaves the simulator.
/// </summary>
internal sealed class SimulatedFaultException(uint code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The Win32 code.</summary>
    public uint Code { get; } = code;
}
