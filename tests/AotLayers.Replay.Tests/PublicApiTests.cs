using System.Reflection;
using PublicApiGenerator;
using Xunit;

namespace AotLayers.Replay.Tests;

/// <summary>The public API of what ships, as snapshots: nothing of it changes unseen.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Libraries =>
        ["AotLayers.Interop", "AotLayers.Hcs", "AotLayers.Formats", "AotLayers.Core", "AotLayers.Simulator"];

    [Theory]
    [MemberData(nameof(Libraries))]
    public Task Public_api(string library)
    {
        string api = Assembly.Load(library).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });
        return Verify(api).UseParameters(library);
    }
}
