using System.Security.Cryptography;
using System.Text;

namespace AotLayers.Simulator;

/// <summary>
/// The simulator's NameToGuid: a version 5 UUID of the lower-cased name in a namespace of its own. The namespace of the real one is not
/// public, so that the ids of a simulated machine never equal those of a real one (docs/windows/vmcompute.md#nametoguid).
/// </summary>
internal static class NameGuid
{
    private static readonly Guid s_namespace = new("6f1d9e52-5b0c-5c58-9c0e-0d8a4f6a7b31");

    public static Guid Create(string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name.ToLowerInvariant());
        byte[] input = new byte[16 + text.Length];
        s_namespace.TryWriteBytes(input, bigEndian: true, out _);
        text.CopyTo(input, 16);
#pragma warning disable CA5350 // RFC 9562 says SHA-1 for version 5; nothing secret depends on it.
        byte[] hash = SHA1.HashData(input);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
