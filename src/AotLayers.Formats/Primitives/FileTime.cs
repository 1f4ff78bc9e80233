namespace AotLayers.Formats;

/// <summary>
/// Windows FILETIME (100 ns units since 1601-01-01 UTC) to nanoseconds since 1970-01-01 UTC and back (docs/formats/file-time.md#filetime).
/// The arithmetic wraps like that of the Go programs that write layers: outside of 1677-09-21 .. 2262-04-11 the result is another date,
/// but the very one that they write.
/// </summary>
public static class FileTime
{
    /// <summary>1970-01-01 as FILETIME.</summary>
    public const long UnixEpoch = 116444736000000000;

    /// <summary>Nanoseconds since 1970 of a FILETIME, wrapping.</summary>
    public static long ToUnixNanoseconds(long fileTime) => unchecked((fileTime - UnixEpoch) * 100);

    /// <summary>FILETIME of nanoseconds since 1970; fractions of 100 ns are cut towards zero.</summary>
    public static long FromUnixNanoseconds(long nanoseconds) => (nanoseconds / 100) + UnixEpoch;
}
