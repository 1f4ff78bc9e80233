using System.CommandLine;
using System.CommandLine.Invocation;

namespace AotLayers.Cli;

/// <summary><c>--version</c> beside other arguments says the same as alone.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(ToolVersion.Text);
        return ExitStatus.Done;
    }
}
