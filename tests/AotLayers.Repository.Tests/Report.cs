namespace AotLayers.Repository.Tests;

/// <summary>Findings as a whole: an assertion of a collection shows the first few.</summary>
internal static class Report
{
    /// <summary>Fails with all findings, one a line, when there are any.</summary>
    public static void None(IEnumerable<string> findings)
    {
        List<string> list = [.. findings];
        if (list.Count > 0)
        {
            Assert.Fail($"{list.Count} findings:\n{string.Join('\n', list)}");
        }
    }
}
