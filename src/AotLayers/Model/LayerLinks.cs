namespace AotLayers;

/// <summary>Hard links of a file.</summary>
/// <param name="Count">Number of names that the file has.</param>
/// <param name="FileId">128-bit id of the file on its volume: equal for all its names. Only known when <paramref name="Count"/> is above
/// 1.</param>
public readonly record struct LayerLinks(uint Count, UInt128 FileId);
