using System.Runtime.InteropServices;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// The LongAbs rule (docs/formats/names.md#long-paths): <c>\\?\</c> before absolute paths, <c>\\?\UNC\</c> before network paths, and
/// nothing where it is already there. Without it paths beyond 260 characters fail and names that end with a dot or a space mean another
/// file.
/// </summary>
internal static class LongPath
{
    private const string Prefix = @"\\?\";

    /// <summary>The absolute long form of a path.</summary>
    /// <param name="kernel32">Knows the current directory; called only for a relative path.</param>
    /// <param name="path">Any path.</param>
    /// <param name="context">For errors.</param>
    public static string Absolute(IKernel32 kernel32, string path, LayerErrorContext context)
    {
        if (path.StartsWith(Prefix, StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal))
        {
            return path;
        }

        string full = path.Replace('/', '\\');
        if (!IsAbsolute(full))
        {
            full = FullPathName(kernel32, full, context);
        }

        return full.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\?\UNC\" + Clean(full[2..], 2) : Prefix + Clean(full, 1);
    }

    private static bool IsAbsolute(string path) =>
        path.StartsWith(@"\\", StringComparison.Ordinal) || path is [_, ':', '\\', ..] && char.IsAsciiLetter(path[0]);

    /// <summary>Resolves "." and ".." and drops empty parts; the first parts (drive, or server and share) stay.</summary>
    private static string Clean(string path, int rootParts)
    {
        var kept = new List<string>();
        foreach (string part in path.Split('\\'))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part != "..")
            {
                kept.Add(part);
            }
            else if (kept.Count > rootParts)
            {
                kept.RemoveAt(kept.Count - 1);
            }
        }

        string text = string.Join('\\', kept);
        return kept.Count == 1 && rootParts == 1 ? text + '\\' : text;
    }

    private static string FullPathName(IKernel32 kernel32, string path, LayerErrorContext context)
    {
        ushort[] buffer = new ushort[Win32Constants.MaxPath];
        uint length = kernel32.GetFullPathNameW(path, Win32Constants.MaxPath, buffer, 0);
        return length is 0 or >= Win32Constants.MaxPath
            ? throw Win32Error.Of("GetFullPathNameW", path, context)
            : new string(MemoryMarshal.Cast<ushort, char>(buffer.AsSpan(0, (int)length)));
    }
}
