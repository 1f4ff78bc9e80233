using System.Globalization;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// A call met a simulated layer that cannot be used: its folder cannot be read, or does not follow the format. The message names the call, the layer, and
/// the file and the place in it. It is thrown because the code alone, which a real machine would return, does not tell what to repair.
/// </summary>
public sealed class SimulatedLayerException : LayerException
{
    private readonly uint _code;
    private readonly string _call = "";

    /// <summary>Creates an exception without details.</summary>
    public SimulatedLayerException()
    {
    }

    /// <summary>Creates an exception with a reason only.</summary>
    public SimulatedLayerException(string reason)
        : base(reason)
    {
    }

    /// <summary>Creates an exception with a reason and the error that caused it.</summary>
    public SimulatedLayerException(string reason, Exception? innerException)
        : base(reason, innerException)
    {
    }

    internal SimulatedLayerException(string call, LayerLoadException error)
        : base(
            string.Create(CultureInfo.InvariantCulture, $"{call} failed (0x{Win32Error.ToHResult(error.Code):x8}): {error.Message}"),
            new LayerErrorContext { Layer = error.Layer },
            error.InnerException,
            "layers of the simulator are folders of regular files; recordings/README.md describes layer.json")
    {
        _call = call;
        _code = (uint)Win32Error.ToHResult(error.Code);
        HResult = Win32Error.ToHResult(error.Code);
    }

    /// <inheritdoc/>
    public override string Call => _call;

    /// <inheritdoc/>
    public override uint? Code => _code;
}

/// <summary>A layer's folder cannot be used; the call that met it makes a <see cref="SimulatedLayerException"/> of it.</summary>
internal sealed class LayerLoadException(string layer, uint code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The layer's name.</summary>
    public string Layer { get; } = layer;

    /// <summary>The nearest Win32 code.</summary>
    public uint Code { get; } = code;
}
