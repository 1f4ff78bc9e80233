using System.Globalization;

namespace AotLayers;

/// <summary>
/// A call of a life cycle verb and what came of it: what a log wants to know, with each repetition and each exception from the rule.
/// </summary>
/// <param name="Call">The native call.</param>
/// <param name="Layer">Path of the layer; empty where the call has none.</param>
/// <param name="Attempt">1, or which repetition it was.</param>
/// <param name="Code">HRESULT; a success code where the call succeeded.</param>
/// <param name="Remark">What is done next, where that is not the next call of the verb; null otherwise.</param>
public readonly record struct LayerStep(string Call, string Layer, int Attempt, uint Code, string? Remark)
{
    /// <summary>One line without a line feed.</summary>
    public override string ToString()
    {
        string layer = Layer.Length == 0 ? "" : " " + Layer;
        string attempt = Attempt == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", attempt {Attempt}");
        string remark = Remark is null ? "" : ": " + Remark;
        return string.Create(CultureInfo.InvariantCulture, $"{Call}{layer}{attempt}: 0x{Code:x8}{remark}");
    }
}
