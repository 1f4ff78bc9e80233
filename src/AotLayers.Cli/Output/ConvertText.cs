using System.Globalization;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>Tells what was converted, and what was lost on the way.</summary>
internal static class ConvertText
{
    /// <summary>Prints a result: to standard error where the tar itself goes to standard output.</summary>
    /// <param name="result">What was converted.</param>
    /// <param name="piped">Whether standard output is taken.</param>
    /// <param name="json">As JSON.</param>
    public static void Print(ConvertResult result, bool piped, bool json)
    {
        if (json)
        {
            using Stream stream = piped ? Console.OpenStandardError() : Console.OpenStandardOutput();
            JsonText.WriteLine(stream, result.WriteMembers);
            return;
        }

        TextWriter writer = piped ? Terminal.Error : Terminal.Out;
        string size = result.Tar is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {result.Tar.Bytes} bytes");
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(piped ? "standard output" : result.Destination)}: {OptionWords.Target.NameOf(result.Target)}, {result.Entries} entries, "
                + $"{result.Tombstones} tombstones{size} ({result.Reader} reader)"));
        if (result.Tar?.DiffId is { } diffId)
        {
            writer.WriteLine("diffId " + diffId);
            writer.WriteLine("digest " + result.Tar.Digest);
        }

        PrintLosses(result, writer);
        foreach (string warning in result.Warnings)
        {
            Terminal.Error.WriteLine("warning: " + warning);
        }
    }

    /// <summary>A line for each kind, with one of its losses; JSON has them all.</summary>
    private static void PrintLosses(ConvertResult result, TextWriter writer)
    {
        if (result.Losses.Count == 0)
        {
            writer.WriteLine("nothing is lost");
        }

        foreach ((string kind, int count) in result.CountLosses())
        {
            string example = "";
            foreach (LayerLossRecord loss in result.Losses)
            {
                if (loss.Reason == kind)
                {
                    example = loss.Description;
                    break;
                }
            }

            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"lost: {count} x {kind}, {(count == 1 ? "" : "such as ")}{example}"));
        }
    }
}
