using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary><c>list</c>: the base images of the machine (GetBaseImages), as Windows tells them.</summary>
internal sealed class ListCommand
{
    private readonly HcsOptions _hcs = new();

    private ListCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var list = new ListCommand();
        var command = new Command("list", "Print the base images of the machine as the JSON text that Windows gives (GetBaseImages).");
        list._hcs.AddTo(command);
        command.Add(CommonOptions.Json);
        command.SetAction(list.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        LayerRequest request = _hcs.Read(
            parsed, new LayerRequest { Spelling = OptionSpelling.CommandLine, Source = "", WithoutLayer = true });
        bool json = parsed.GetValue(CommonOptions.Json);
        LifecycleTask.List(request, images =>
        {
            if (!json)
            {
                Terminal.Out.WriteLine(images.Images);
                return;
            }

            using Stream stream = Console.OpenStandardOutput();
            JsonText.WriteLine(stream, images.WriteMembers);
        });
        return ExitStatus.Done;
    }
}
