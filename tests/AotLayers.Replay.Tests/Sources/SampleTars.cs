using System.Diagnostics;
using System.Text;
using AotLayers.App;
using AotLayers.Formats;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Sources;

/// <summary>Two small layers that lie above each other, as tars, and what the tests of sources share.</summary>
internal static class SampleTars
{
    public static string WriteBase(string path) => Write(path, tar =>
    {
        AddDirectory(tar, "Files");
        AddDirectory(tar, @"Files\Windows");
        AddFile(tar, @"Files\Windows\win.ini", "base");
        AddFile(tar, @"Files\Windows\kept.txt", "kept");
        AddFile(tar, @"Files\old.txt", "old");
        tar.WriteHardLink(@"Files\second.txt", @"Files\old.txt", Info());
        AddDirectory(tar, @"Files\gone");
        AddFile(tar, @"Files\gone\a.txt", "a");
        AddDirectory(tar, @"Files\replaced");
        AddFile(tar, @"Files\replaced\b.txt", "b");
        AddDirectory(tar, "Hives");
    });

    public static string WriteApp(string path) => Write(path, tar =>
    {
        AddDirectory(tar, "Files");
        AddDirectory(tar, @"Files\WINDOWS");
        AddFile(tar, @"Files\WINDOWS\WIN.INI", "app");
        AddFile(tar, @"Files\old.txt", "new");
        tar.WriteHardLink(@"Files\third.txt", @"Files\Windows\kept.txt", Info());
        tar.WriteTombstone(@"Files\GONE");
        AddFile(tar, @"Files\replaced", "a file now");
    });

    public static string Write(string path, Action<LayerTarWriter> write)
    {
        using FileStream output = File.Create(path);
        using var tar = new LayerTarWriter(output);
        write(tar);
        tar.Finish();
        return path;
    }

    public static void AddDirectory(LayerTarWriter tar, string name) =>
        tar.WriteEntry(name, 0, Info(WindowsFileAttributes.Directory), Stream.Null);

    public static void AddFile(LayerTarWriter tar, string name, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        tar.WriteEntry(name, bytes.Length, Info(), new MemoryStream(Backup(Record(BackupStreamId.Data, bytes))));
    }

    /// <summary>What a source holds: per entry its name, and what is in it.</summary>
    public static List<string> Read(string source, Func<LayerRequest, LayerRequest>? with = null, Stream? standardInput = null)
    {
        var request = new LayerRequest { Spelling = OptionSpelling.CommandLineOfSource, Source = source };
        using var task = LayerTask.Start(with is null ? request : with(request), standardInput);
        try
        {
            return ReadAll(task);
        }
        catch (Exception e) when (task.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Xunit.Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }

    private static List<string> ReadAll(LayerTask task)
    {
        task.OpenReader(CancellationToken.None);
        var entries = new List<string>();
        while (task.Reader.GetNextEntry() is { } entry)
        {
            using Stream data = entry.OpenDataStream();
            using var text = new StreamReader(data);
            entries.Add(entry.IsTombstone ? $"{entry.Name} -"
                : entry.HardLinkTarget is { } target ? $"{entry.Name} => {target}"
                : entry.Info.IsDirectory ? entry.Name + @"\"
                : $"{entry.Name} {text.ReadToEnd()}");
        }

        task.CloseReader(complete: true);
        return entries;
    }
}
