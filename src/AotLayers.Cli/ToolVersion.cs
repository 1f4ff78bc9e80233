using System.Text;

namespace AotLayers.Cli;

/// <summary>The version of the tool, as the build sets it.</summary>
internal static class ToolVersion
{
    /// <summary>What <c>--version</c> prints: <c>aotlayers 0.1.0</c> and a line feed.</summary>
    public static ReadOnlySpan<byte> Line => Encoding.UTF8.GetBytes(Text + "\n");

    /// <summary><c>aotlayers 0.1.0</c>.</summary>
    public static string Text => "aotlayers " + Number;

    /// <summary><c>0.1.0</c>.</summary>
    public static string Number => typeof(ToolVersion).Assembly.GetName().Version!.ToString(3);
}
