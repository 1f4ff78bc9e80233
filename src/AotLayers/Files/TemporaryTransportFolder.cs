using System.Globalization;
using System.Runtime.InteropServices;
using AotLayers.Hcs;
using static AotLayers.Win32Constants;

namespace AotLayers;

/// <summary>
/// A folder <c>hcs&lt;number&gt;</c> in the user's temporary folder, for ExportLayer to write to. The number comes from the performance
/// counter through the recorded calls, so that a replay makes the same name (docs/windows/reading-a-layer.md#temporary-folder).
/// </summary>
internal sealed class TemporaryTransportFolder
{
    private const int Attempts = 100;
    private const string Prefix = "hcs";

    /// <summary>A problem of removing is a warning, which names the path and not the layer.</summary>
    private static readonly LayerErrorContext s_nowhere = new();

    private readonly IKernel32 _kernel32;
    private readonly LayerErrorContext _context;
    private bool _removed;

    private TemporaryTransportFolder(IKernel32 kernel32, string path, LayerErrorContext context)
    {
        _kernel32 = kernel32;
        _context = context;
        Path = path;
    }

    /// <summary>The folder's path, as GetTempPathW spells the temporary folder.</summary>
    public string Path { get; }

    /// <summary>Creates an empty folder that was not there before.</summary>
    public static TemporaryTransportFolder Create(IKernel32 kernel32, LayerErrorContext context)
    {
        string parent = TemporaryFolder(kernel32, context);
        for (int attempt = 1; ; attempt++)
        {
            if (kernel32.QueryPerformanceCounter(out long count) == 0)
            {
                throw Win32Error.Of("QueryPerformanceCounter", null, context);
            }

            string path = string.Create(CultureInfo.InvariantCulture, $@"{parent}\{Prefix}{(ulong)count}");
            if (kernel32.CreateDirectoryW(path, 0) != 0)
            {
                return new TemporaryTransportFolder(kernel32, path, context);
            }

            uint error = Win32Error.Last;
            if (error != AlreadyExists || attempt == Attempts)
            {
                throw Win32Error.Of("CreateDirectoryW", error, path, context);
            }
        }
    }

    /// <summary>
    /// The transport folder that another process left, by its path. Only a folder of the name that <see cref="Create"/> gives, in the
    /// temporary folder, is one: whoever names it may be lying.
    /// </summary>
    public static TemporaryTransportFolder? Find(IKernel32 kernel32, string path, LayerErrorContext context)
    {
        string parent = TemporaryFolder(kernel32, context) + @"\" + Prefix;
        return path.Length > parent.Length
            && path.StartsWith(parent, StringComparison.OrdinalIgnoreCase)
            && !path.AsSpan(parent.Length).ContainsAnyExceptInRange('0', '9')
            && kernel32.GetFileAttributesW(path) is var attributes and not InvalidAttributes
            && new LayerFolderItem("", attributes, 0).IsRealDirectory
                ? new TemporaryTransportFolder(kernel32, path, context)
                : null;
    }

    /// <summary>Removes the folder with all below it.</summary>
    /// <returns>What could not be removed first, and why; null when all is gone.</returns>
    public string? Remove()
    {
        if (_removed)
        {
            return null;
        }

        _removed = true;
        return Win32Tree.Remove(_kernel32, LongPath.Absolute(_kernel32, Path, _context), s_nowhere)?.Message;
    }

    private static string TemporaryFolder(IKernel32 kernel32, LayerErrorContext context)
    {
        ushort[] buffer = new ushort[MaxPath];
        uint length = kernel32.GetTempPathW(MaxPath, buffer);
        return length is not (0 or >= MaxPath)
            ? new string(MemoryMarshal.Cast<ushort, char>(buffer.AsSpan(0, (int)length))).TrimEnd('\\')
            : throw Win32Error.Of("GetTempPathW", null, context);
    }
}
