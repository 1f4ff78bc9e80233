using AotLayers.App;

namespace AotLayers.Shim;

/// <summary>The environment does not say which machine to be. Callers see ERROR_BAD_CONFIGURATION as an HRESULT.</summary>
internal sealed class ShimConfigurationException(string message) : RefusedException(unchecked((int)ErrorCodes.BadConfiguration), message);
