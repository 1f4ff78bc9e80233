using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace AotLayers.Package.Tests;

/// <summary>The package as somebody else gets it.</summary>
public sealed class PackageTests(Consumer consumer) : IClassFixture<Consumer>
{
    /// <summary>What a strict project sets.</summary>
    private const string Strictest = """
        <AnalysisLevel>latest-all</AnalysisLevel>
        <AnalysisMode>All</AnalysisMode>
        <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
        <Features>strict</Features>
        <WarningLevel>9999</WarningLevel>
        <Nullable>enable</Nullable>
        <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
        <MSBuildTreatWarningsAsErrors>true</MSBuildTreatWarningsAsErrors>
        <GenerateDocumentationFile>true</GenerateDocumentationFile>
        <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
        <DisableRuntimeMarshalling>true</DisableRuntimeMarshalling>
        <TrimmerSingleWarn>false</TrimmerSingleWarn>
        <PublishAot>true</PublishAot>
        <InvariantGlobalization>true</InvariantGlobalization>
        """;

    [Fact]
    public void Package_holds_runtime_generator_and_what_people_look_for()
    {
        using ZipArchive package = ZipFile.OpenRead(consumer.Package);
        string[] files = [.. package.Entries.Select(static e => e.FullName)
            .Where(static n => !n.StartsWith("_rels/", StringComparison.Ordinal) && !n.StartsWith("package/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
        Assert.Contains("lib/net10.0/AotLayers.Interop.dll", files);
        Assert.Contains("lib/net10.0/AotLayers.Interop.xml", files);
        Assert.Equal(
            ["analyzers/dotnet/cs/AotLayers.Interop.CodeFixes.dll", "analyzers/dotnet/cs/AotLayers.Interop.Generators.dll"],
            files.Where(static f => f.StartsWith("analyzers/", StringComparison.Ordinal)));
        Assert.Contains("buildTransitive/AotLayers.Interop.props", files);
        Assert.Contains("buildTransitive/AotLayers.Interop.targets", files);
        Assert.Contains("README.md", files);
        Assert.Contains("LICENSE", files);

        using Stream text = package.GetEntry("AotLayers.Interop.nuspec")!.Open();
        XElement metadata = XDocument.Load(text).Root!.Elements().Single(static e => e.Name.LocalName == "metadata");
        string? Value(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;
        Assert.Equal("0.1.0", Value("version"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.NotEmpty(Value("description")!);
        Assert.DoesNotContain(metadata.Descendants(), static e => e.Name.LocalName == "dependency");
    }

    [Fact]
    public void Symbols_bring_their_sources()
    {
        // A debugger steps into the package without a network: the symbols are in the assembly, the sources in the symbols.
        using ZipArchive package = ZipFile.OpenRead(consumer.Package);
        using MemoryStream assembly = new();
        using (Stream entry = package.GetEntry("lib/net10.0/AotLayers.Interop.dll")!.Open())
        {
            entry.CopyTo(assembly);
        }

        assembly.Position = 0;
        using PEReader reader = new(assembly);
        DebugDirectoryEntry symbols = reader.ReadDebugDirectory().Single(static d => d.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using MetadataReaderProvider provider = reader.ReadEmbeddedPortablePdbDebugDirectoryData(symbols);
        MetadataReader metadata = provider.GetMetadataReader();
        Guid embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
        Assert.NotEmpty(metadata.Documents);
        foreach (DocumentHandle document in metadata.Documents)
        {
            string name = metadata.GetString(metadata.GetDocument(document).Name);
            Assert.StartsWith("/_/", name, StringComparison.Ordinal);
            Assert.Contains(
                metadata.GetCustomDebugInformation(document),
                h => metadata.GetGuid(metadata.GetCustomDebugInformation(h).Kind) == embeddedSource);
        }
    }

    [Fact]
    public void Packing_twice_gives_the_same_assemblies()
    {
        string again = Path.Combine(consumer.Folder, "again");
        Consumer.Run(
            Consumer.Root,
            "dotnet",
            "pack",
            "src/AotLayers.Interop",
            "-c",
            "Release",
            "-o",
            again,
            "--nologo",
            "-v",
            "q",
            "-nodeReuse:false");
        using ZipArchive first = ZipFile.OpenRead(consumer.Package);
        using ZipArchive second = ZipFile.OpenRead(Directory.GetFiles(again, "*.nupkg").Single());
        foreach (string name in first.Entries.Select(static e => e.FullName)
            .Where(static n => n.EndsWith(".dll", StringComparison.Ordinal)))
        {
            Assert.Equal(first.GetEntry(name)!.Crc32, second.GetEntry(name)!.Crc32);
        }
    }

    [Fact]
    public void Refused_declaration_fails_the_build_also_where_analyzers_are_off()
    {
        string folder = Directory.CreateDirectory(Path.Combine(consumer.Folder, "refused")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "Refused.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <RunAnalyzers>false</RunAnalyzers>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="AotLayers.Interop" Version="0.1.0" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(
            Path.Combine(folder, "Refused.cs"),
            """
            using System.Runtime.InteropServices;
            using AotLayers.Interop;

            [NativeApi("sample", "libsample.so")]
            public static partial class Sample
            {
                [LibraryImport("libother.so")]
                public static partial int count();
            }
            """);
        Xunit.Sdk.XunitException e = Assert.ThrowsAny<Xunit.Sdk.XunitException>(
            () => Consumer.Run(folder, "dotnet", "build", "--nologo", "-nodeReuse:false"));
        Assert.Contains("error CS1029", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Guide_does_what_it_says() =>
        new Guide(Path.Combine(Consumer.Root, "docs", "toolkit", "getting-started.md")).Follow(consumer.Folder);

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("win-x64")]
    public void Publishes_ahead_of_time_without_a_warning_under_the_strictest_settings(string runtime)
    {
        string folder = Path.Combine(consumer.Folder, "strict-" + runtime);
        Directory.CreateDirectory(folder);
        bool isWindows = runtime.StartsWith("win", StringComparison.Ordinal);
        string cross = isWindows
            ? $"""<Import Project="{Path.Combine(Consumer.Root, "eng", "windows-cross", "WindowsCross.targets")}" />"""
            : "";
        File.WriteAllText(
            Path.Combine(folder, "Strict.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RuntimeIdentifier>{runtime}</RuntimeIdentifier>
                {Strictest}
                <DefineConstants>$(DefineConstants){(isWindows ? ";WINDOWS" : "")}</DefineConstants>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="AotLayers.Interop" Version="0.1.0" />
                <DirectPInvoke Include="linked" />
                <NativeLibrary Include="$(MSBuildProjectDirectory)/linked.a" />
              </ItemGroup>
              {cross}
            </Project>
            """);
        File.Copy(
            Path.Combine(Consumer.Root, "tests", "AotLayers.Package.Tests", "Strict", "Program.cs.txt"),
            Path.Combine(folder, "Program.cs"));
        string tools = isWindows ? "x86_64-w64-mingw32-" : "";
        File.WriteAllText(
            Path.Combine(folder, "linked.c"),
            "int linked_twice(int value);\nint linked_twice(int value) { return 2 * value; }\n");
        Consumer.Run(folder, tools + "gcc", "-O1", "-fPIC", "-c", "linked.c", "-o", "linked.o");
        Consumer.Run(folder, tools + "ar", "rcs", "linked.a", "linked.o");
        string output = Consumer.Run(folder, "dotnet", "publish", "-c", "Release", "-o", "out", "--nologo", "-nodeReuse:false");
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);

        string[] run = isWindows
            ? ["env", "WINEDEBUG=-all", "WINEPREFIX=" + Path.Combine(folder, "wine"), "wine", Path.Combine(folder, "out", "Strict.exe")]
            : [Path.Combine(folder, "out", "Strict")];
        string recorded = Consumer.Run(folder, run[0], [.. run[1..], "record", "run.json"]);
        Assert.Equal("5 of 7, largest 9, round trip 2.5, twice 42" + (isWindows ? "\r\n" : "\n"), recorded);
        Assert.Equal(recorded, Consumer.Run(folder, run[0], [.. run[1..], "replay", "run.json"]));
        string recording = File.ReadAllText(Path.Combine(folder, "run.json"), Encoding.UTF8);
        Assert.Contains("\"callback\":\"Search.comparison\"", recording, StringComparison.Ordinal);
    }
}
