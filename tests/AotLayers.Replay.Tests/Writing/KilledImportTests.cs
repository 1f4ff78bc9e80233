using AotLayers.Hcs;
using AotLayers.Replay.Tests.Layers;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Writing;

/// <summary>What an import leaves that was killed, and what the next one of the same layer does with it.</summary>
public sealed class KilledImportTests
{
    private const string Mark = @"C:\layers\new.importing";
    private const string Transport = @"C:\Windows\SystemTemp\hcs77";
    private readonly SimulatedMachine _machine = SampleLayers.Load();
    private readonly byte[] _tar;

    public KilledImportTests() => _tar = Imports.Export(_machine.Hcs, Machines.Base, LayerReaderKind.Base);

    [Fact]
    public void The_next_import_removes_what_it_left_and_succeeds()
    {
        MakeFolder(@"C:\layers\new");
        MakeFolder(@"C:\layers\new\Files");
        Write(@"C:\layers\new\Files\half.bin", "half");
        MakeFolder(Transport);
        Write(Transport + @"\half.bin", "half");
        Write(Mark, $"aotlayers import\r\nfolder {Imports.Links(_machine.Hcs, @"C:\layers\new").Id:x32}\r\ntransport {Transport}\r\n");
        Imports.Import(_machine.Hcs, Imports.NewBase, _tar, LayerWriterKind.Base);
        Imports.AssertWhole(_machine);
        Assert.Null(Imports.Read(_machine.Hcs, @"C:\layers\new\Files\half.bin"));
    }

    [Fact]
    public void A_layer_that_was_being_made_is_none_yet_and_can_be_removed()
    {
        Imports.Import(_machine.Hcs, Imports.NewBase, _tar, LayerWriterKind.Base);
        var layer = new Layer(_machine.Hcs, Imports.NewBase);
        Assert.True(layer.Exists());
        Write(Mark, "aotlayers import\r\n");
        Assert.False(layer.Exists());
        layer.Remove();
        Assert.DoesNotContain("new", _machine.Layers);
    }

    [Fact]
    public void If_the_next_one_fails_nothing_is_left_of_either()
    {
        MakeFolder(@"C:\layers\new");
        Write(@"C:\layers\new\half.bin", "half");
        Write(Mark, $"aotlayers import\r\nfolder {Imports.Links(_machine.Hcs, @"C:\layers\new").Id:x32}\r\n");
        Assert.Throws<LayerException>(() => Imports.Import(_machine.Hcs, Imports.NewBase, _tar[..9000], LayerWriterKind.Base));
        Imports.AssertNothingLeft(_machine);
    }

    [Theory]
    [InlineData("")]
    [InlineData("aotlayers import\r\n")]
    [InlineData("aotlayers import\r\ntransport C:\\Windows\\SystemTemp\\hcs78\r\n")]
    public void It_may_have_been_killed_at_once(string text)
    {
        Write(Mark, text);
        Imports.Import(_machine.Hcs, Imports.NewBase, _tar, LayerWriterKind.Base);
        Imports.AssertWhole(_machine);
    }

    /// <summary>A mark says what may be removed, and everybody can write one.</summary>
    [Theory]
    [InlineData(@"C:\Windows")]
    [InlineData(@"C:\Windows\SystemTemp")]
    [InlineData(@"C:\Windows\SystemTemp\hcs")]
    [InlineData(@"C:\Windows\SystemTemp\hcs1\..\..\x")]
    [InlineData(@"C:\layers\base")]
    public void A_mark_cannot_name_what_is_no_transport_folder(string path)
    {
        Write(Mark, $"aotlayers import\r\ntransport {path}\r\n");
        Write(@"C:\Windows\keep.txt", "x");
        Imports.Import(_machine.Hcs, Imports.NewBase, _tar, LayerWriterKind.Base);
        Imports.AssertWhole(_machine);
        Assert.Equal("x", Imports.Read(_machine.Hcs, @"C:\Windows\keep.txt"));
        Assert.Contains("base", _machine.Layers);
    }

    [Fact]
    public void Another_layer_that_took_the_name_meanwhile_is_left_alone()
    {
        Imports.Import(_machine.Hcs, Imports.NewBase, _tar, LayerWriterKind.Base);
        Write(Mark, $"aotlayers import\r\nfolder {(UInt128)1:x32}\r\n");
        LayerException e = Assert.Throws<LayerException>(() =>
            Imports.Import(_machine.Hcs, Imports.NewBase, _tar, LayerWriterKind.Base));
        Assert.Contains("there already", e.Message, StringComparison.Ordinal);
        Assert.Contains("new", _machine.Layers);
    }

    [Fact]
    public void A_file_of_the_name_that_is_no_mark_is_left_alone()
    {
        Write(Mark, "my own notes");
        LayerException e = Assert.Throws<LayerException>(() =>
            Imports.Import(_machine.Hcs, Imports.NewBase, _tar, LayerWriterKind.Base));
        Assert.Contains(@"C:\layers\new.importing is in the way", e.Message, StringComparison.Ordinal);
        Assert.Equal("my own notes", Imports.Read(_machine.Hcs, Mark));
        Assert.Equal(0, _machine.Kernel32.OpenHandles);
    }

    [Fact]
    public void Two_imports_of_one_layer_do_not_meet()
    {
        using var first = LayerWriter.Open(_machine.Hcs, Imports.NewBase, LayerWriterKind.Base);
        LayerException e = Assert.Throws<LayerException>(() =>
            Imports.Import(_machine.Hcs, Imports.NewBase, _tar, LayerWriterKind.Base));
        Assert.Contains("another import of this layer is under way", e.Message, StringComparison.Ordinal);
        first.Dispose();
        Imports.AssertNothingLeft(_machine);
    }

    [Theory]
    [InlineData(LayerWriterKind.Base)]
    [InlineData(LayerWriterKind.Folder)]
    [InlineData(LayerWriterKind.Stream)]
    public void A_layer_that_is_there_is_left_alone(LayerWriterKind kind)
    {
        LayerLocation layer = kind == LayerWriterKind.Base ? Machines.Base : Machines.App;
        byte[] before = Imports.Export(_machine.Hcs, layer, LayerReaderKind.Stream);
        LayerException e = Assert.Throws<LayerException>(() => Imports.Import(_machine.Hcs, layer, _tar, kind));
        Assert.Contains("there already", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Imports.Export(_machine.Hcs, layer, LayerReaderKind.Stream));
        Assert.Equal(0, _machine.Kernel32.OpenHandles);
    }

    private void MakeFolder(string path) => Assert.NotEqual(0, _machine.Kernel32.CreateDirectoryW(path, 0));

    private void Write(string path, string text)
    {
        nint file = _machine.Kernel32.CreateFileW(path, 0x40000000, 0, 0, 1, 0, 0);
        Assert.NotEqual(-1, file);
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.NotEqual(0, _machine.Kernel32.WriteFile(file, bytes, (uint)bytes.Length, out _, 0));
        Assert.NotEqual(0, _machine.Kernel32.CloseHandle(file));
    }
}
