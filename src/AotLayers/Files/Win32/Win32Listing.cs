using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// What a directory holds, over FindFirstFileW and FindNextFileW. Listed to its end, for changing a directory while it is listed skips
/// entries.
/// </summary>
internal static class Win32Listing
{
    /// <summary>Lists a directory, in the order of the file system, without "." and "..".</summary>
    /// <param name="kernel32">The calls.</param>
    /// <param name="directory">Its path.</param>
    /// <param name="place">For errors.</param>
    /// <exception cref="LayerException">A call failed; a listing that ends early is no listing.</exception>
    public static List<LayerFolderItem> Read(IKernel32 kernel32, string directory, LayerErrorContext place)
    {
        var items = new List<LayerFolderItem>();
        string pattern = directory + @"\*";
        nint find = kernel32.FindFirstFileW(pattern, out Win32FindData data);
        if (find == Win32Constants.InvalidHandle)
        {
            uint error = Win32Error.Last;

            // The root of a volume has no "." and may be empty.
            return error == Win32Constants.FileNotFound ? items : throw Win32Error.Of("FindFirstFileW", error, pattern, place);
        }

        try
        {
            do
            {
                string name = Name(in data);
                if (name is not ("." or ".."))
                {
                    items.Add(new LayerFolderItem(name, data.FileAttributes, ((long)data.FileSizeHigh << 32) | data.FileSizeLow));
                }
            }
            while (kernel32.FindNextFileW(find, out data) != 0);

            uint error = Win32Error.Last;
            return error == Win32Constants.NoMoreFiles ? items : throw Win32Error.Of("FindNextFileW", error, pattern, place);
        }
        finally
        {
            kernel32.FindClose(find);
        }
    }

    private static string Name(in Win32FindData data)
    {
        ReadOnlySpan<char> name = data.FileName;
        int end = name.IndexOf('\0');
        return new string(end < 0 ? name : name[..end]);
    }
}
