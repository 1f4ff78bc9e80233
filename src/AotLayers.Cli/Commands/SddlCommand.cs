using System.CommandLine;
using System.Text;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Formats;

namespace AotLayers.Cli.Commands;

/// <summary><c>sddl TEXT|BASE64|-</c>: security descriptors from SDDL to base64 and back, on any OS.</summary>
internal sealed class SddlCommand
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Argument<string> _text = new("TEXT|BASE64|-")
    {
        Description = "SDDL, or base64 of a self-relative security descriptor (as in MSWINDOWS.rawsd); "
            + "'-' converts each line of standard input.",
    };

    private readonly Option<string?> _domain = new("--domain")
    {
        Description = "SID of the machine or domain that abbreviations like LA and DA stand for.",
        HelpName = "SID",
    };

    private readonly Option<bool> _explain = new("--explain") { Description = "Say in words what the descriptor means." };

    private SddlCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var sddl = new SddlCommand();
        var command = new Command("sddl", "Convert a security descriptor: SDDL gives base64, as Windows compiles it; base64 gives SDDL.");
        command.Add(sddl._text);
        command.Add(sddl._domain);
        command.Add(sddl._explain);
        command.Add(CommonOptions.Json);
        command.SetAction(sddl.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string text = parsed.GetRequiredValue(_text);
        Sid? domain = null;
        if (parsed.GetValue(_domain) is { } domainText && !Sid.TryParse(domainText, out domain))
        {
            throw new UsageException($"'{domainText}' is no SID: write S-1-5-21-...");
        }

        bool explain = parsed.GetValue(_explain);
        bool json = parsed.GetValue(CommonOptions.Json);
        if (text == "-")
        {
            return explain || json
                ? throw new UsageException("--explain and --json are for one descriptor, not for '-'")
                : ConvertLines(domain);
        }

        if (!explain && !json)
        {
            using TextWriter output = OpenOutput();
            output.Write(SddlConverter.Convert(text, domain) + "\n");
            return ExitStatus.Done;
        }

        byte[] bytes = SddlConverter.Read(text, out _, domain);
        if (json)
        {
            using Stream output = Console.OpenStandardOutput();
            JsonText.WriteLine(output, writer => SecurityDescriptorJson.WriteMembers(writer, bytes));
            return ExitStatus.Done;
        }

        foreach (string line in SecurityDescriptorReport.Describe(SecurityDescriptor.Parse(bytes)))
        {
            Terminal.Out.WriteLine(line);
        }

        return ExitStatus.Done;
    }

    /// <summary>A pipe gets every character as it is; a terminal is not to be steered by texts inside of a condition.</summary>
    private static TextWriter OpenOutput() => Console.IsOutputRedirected
        ? new StreamWriter(Console.OpenStandardOutput(), s_utf8)
        : Terminal.Out;

    private static int ConvertLines(Sid? domain)
    {
        using var input = new StreamReader(Console.OpenStandardInput(), s_utf8);
        using TextWriter output = OpenOutput();
        return SddlConverter.ConvertLines(input, output, domain) == 0 ? ExitStatus.Done : ExitStatus.Failed;
    }
}
