using System.Globalization;

namespace AotLayers;

/// <summary>The files fit on the disk of a container, which has 20 GB unless its owner asks for more. (docs/verify/AOTV008.md)</summary>
internal sealed class LayerSizeRule() : VerifyRule(
    "AOTV008",
    "layer-size",
    VerifySeverity.Warning,
    "The files fit on the disk of a container, which has 20 GB unless its owner asks for more.")
{
    private const long DefaultDisk = 20L << 30;

    internal override void OnEnd(VerifyRun run)
    {
        if (run.FileBytes > DefaultDisk)
        {
            run.Report(
                this,
                null,
                -1,
                string.Create(
                    CultureInfo.InvariantCulture, $"its files have {run.FileBytes} bytes: more than the 20 GB of a container's disk"));
        }
    }
}
