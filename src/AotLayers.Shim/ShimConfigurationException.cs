namespace AotLayers.Shim;

/// <summary>The environment does not say which machine to be. Callers see ERROR_BAD_CONFIGURATION as an HRESULT.</summary>
internal sealed class ShimConfigurationException : Exception
{
    private const int BadConfiguration = unchecked((int)0x8007064A);

    public ShimConfigurationException(string message)
        : base(message) => HResult = BadConfiguration;
}
