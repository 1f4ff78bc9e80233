using System.Globalization;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>Tells what was exported: on standard output, or on standard error when the tar itself goes to standard output.</summary>
internal static class ExportText
{
    /// <summary>Prints a result.</summary>
    public static void Print(ExportResult result, bool json)
    {
        bool piped = result.Output == "-";
        if (json)
        {
            using Stream stream = piped ? Console.OpenStandardError() : Console.OpenStandardOutput();
            JsonText.WriteLine(stream, result.WriteMembers);
            return;
        }

        ExportSummary summary = result.Summary;
        TextWriter writer = piped ? Terminal.Error : Terminal.Out;
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(piped ? "standard output" : result.Output)}: {summary.Entries} entries, {summary.Tombstones} tombstones, "
                + $"{summary.Bytes} bytes ({summary.Reader} reader)"));
        if (summary.DiffId is not null)
        {
            writer.WriteLine("diffId " + summary.DiffId);
            writer.WriteLine("digest " + summary.Digest);
        }

        foreach (LayerLossRecord loss in summary.Losses)
        {
            writer.WriteLine("loss: " + loss.Description);
        }

        foreach (string warning in summary.Warnings)
        {
            Terminal.Error.WriteLine("warning: " + warning);
        }
    }
}
