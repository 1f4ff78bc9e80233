using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>Compares what two streaming exports told.</summary>
internal static class SameLayer
{
    public static void Check(IReadOnlyList<ExportedEntry> expected, IReadOnlyList<ExportedEntry> actual)
    {
        Assert.Equal(expected.Select(Facts), actual.Select(Facts));
        foreach ((ExportedEntry? first, ExportedEntry? second) in expected.Zip(actual))
        {
            Assert.Equal(first.Stream, second.Stream);
        }
    }

    private static (string, AotLayers.Hcs.FileBasicInfo, long, bool) Facts(ExportedEntry entry) =>
        (entry.Name, entry.Info, entry.Size, entry.Deleted);
}
