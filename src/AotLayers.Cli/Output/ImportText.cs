using System.Globalization;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>Tells what was imported.</summary>
internal static class ImportText
{
    /// <summary>Prints a result.</summary>
    public static void Print(ImportResult result, bool json)
    {
        if (json)
        {
            using Stream stream = Console.OpenStandardOutput();
            JsonText.WriteLine(stream, result.WriteMembers);
            return;
        }

        ImportSummary summary = result.Summary;
        Terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Layer}: {summary.Entries} entries, {summary.Tombstones} tombstones, {summary.FileBytes} bytes in files "
                + $"({summary.Writer} writer)"));
        Terminal.Out.WriteLine("diffId " + summary.DiffId);
        Terminal.Out.WriteLine("digest " + summary.Digest);
        foreach (string warning in summary.Warnings)
        {
            Terminal.Error.WriteLine("warning: " + warning);
        }
    }
}
