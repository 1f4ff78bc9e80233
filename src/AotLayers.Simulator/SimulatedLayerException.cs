using System.Globalization;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// A call met a simulated layer that cannot be used: its folder cannot be read, or does not follow the format. The message names the
/// call, the layer, and the file and the place in it. It is thrown because the code alone, which a real machine would return, does not
/// tell what to repair.
/// </summary>
public sealed class SimulatedLayerException : HcsException
{
    /// <summary>Creates an exception without details.</summary>
    public SimulatedLayerException()
    {
    }

    /// <summary>Creates an exception with a message only.</summary>
    public SimulatedLayerException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and the error that caused it.</summary>
    public SimulatedLayerException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal SimulatedLayerException(string call, LayerLoadException error)
        : base(
            string.Create(CultureInfo.InvariantCulture, $"{call} failed (0x{Win32Error.ToHResult(error.Code):x8}): {error.Message}"),
            call,
            error.Code,
            "layers of the simulator are folders of regular files; recordings/README.md describes layer.json",
            error.InnerException) => Layer = error.Layer;

    /// <summary>The layer's name in the simulator's folder.</summary>
    public string? Layer { get; }
}

/// <summary>A layer's folder cannot be used; the call that met it makes a <see cref="SimulatedLayerException"/> of it.</summary>
internal sealed class LayerLoadException(string layer, uint code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The layer's name.</summary>
    public string Layer { get; } = layer;

    /// <summary>The nearest Win32 code.</summary>
    public uint Code { get; } = code;
}
