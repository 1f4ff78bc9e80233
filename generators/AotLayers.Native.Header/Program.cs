namespace AotLayers.Native.Header;

/// <summary>
/// <c>dotnet run --project generators/AotLayers.Native.Header [-- FILE]</c> writes the header;
/// <c>-- --verify [FILE]</c> changes nothing and fails when the file is not what would be written;
/// <c>-- --layout</c> prints size and offsets of every struct as this runtime lays them out, one <c>struct.field offset size</c> per line;
/// <c>-- --exports</c> prints the names of the functions.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        string mode = arguments.FirstOrDefault(argument => argument.StartsWith("--", StringComparison.Ordinal)) ?? "";
        string path = arguments.FirstOrDefault(argument => !argument.StartsWith("--", StringComparison.Ordinal)) ?? FindHeader();
        var declared = CInterface.Read();
        switch (mode)
        {
            case "--layout":
                Console.Write(LayoutWriter.Write(declared));
                return 0;
            case "--exports":
                Console.Write(string.Concat(declared.Functions.Select(function => function.Name + "\n")));
                return 0;
            case "--verify":
                return Verify(path, HeaderWriter.Write(declared));
            case "":
                File.WriteAllText(path, HeaderWriter.Write(declared));
                return 0;
            default:
                Console.Error.WriteLine($"{mode} is not known: expected --verify, --layout, --exports or nothing");
                return 2;
        }
    }

    private static int Verify(string path, string expected)
    {
        string actual = File.ReadAllText(path);
        if (actual == expected)
        {
            return 0;
        }

        string[] expectedLines = expected.Split('\n');
        string[] actualLines = actual.Split('\n');
        int line = 0;
        while (line < expectedLines.Length && line < actualLines.Length && expectedLines[line] == actualLines[line])
        {
            line++;
        }

        Console.Error.WriteLine($"{path} is not what the exports say; first in line {line + 1}:");
        Console.Error.WriteLine("  file:    " + actualLines.ElementAtOrDefault(line));
        Console.Error.WriteLine("  exports: " + expectedLines.ElementAtOrDefault(line));
        Console.Error.WriteLine("write it again: dotnet run --project generators/AotLayers.Native.Header");
        return 1;
    }

    private static string FindHeader()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "AotLayers.sln")))
            {
                return Path.Combine(folder, "src", "AotLayers.Native", "include", "aotlayers.h");
            }
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} has AotLayers.sln");
    }
}
