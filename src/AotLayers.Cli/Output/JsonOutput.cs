using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AotLayers.Cli.Output;

/// <summary>Writes one JSON value and a line feed.</summary>
internal static class JsonOutput
{
    /// <summary>Writes a value to standard output.</summary>
    public static void Print<T>(T value, JsonTypeInfo<T> type)
    {
        using Stream output = Console.OpenStandardOutput();
        Write(output, value, type);
    }

    /// <summary>Writes a value to a stream.</summary>
    public static void Write<T>(Stream output, T value, JsonTypeInfo<T> type)
    {
        // One write: a reader at the other end of a pipe gets all of it or nothing.
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n'];
        output.Write(line);
    }
}
