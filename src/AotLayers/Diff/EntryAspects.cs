namespace AotLayers;

/// <summary>In what two entries of the same name can differ.</summary>
[Flags]
public enum EntryAspects
{
    /// <summary>In nothing.</summary>
    None = 0,

    /// <summary>What it is: file, directory, link, tombstone.</summary>
    Kind = 1,

    /// <summary>Capital and small letters of the name.</summary>
    Case = 2,

    /// <summary>Size of the main stream.</summary>
    Size = 4,

    /// <summary>Bytes of the main stream; holes are zeros.</summary>
    Content = 8,

    /// <summary>Any of the four times.</summary>
    Times = 16,

    /// <summary>File attributes.</summary>
    Attributes = 32,

    /// <summary>Security descriptor, byte for byte.</summary>
    Security = 64,

    /// <summary>Names, sizes or bytes of alternate streams, whatever their order.</summary>
    Streams = 128,

    /// <summary>Names, values or flags of extended attributes, whatever their order.</summary>
    ExtendedAttributes = 256,

    /// <summary>Reparse data, byte for byte.</summary>
    Reparse = 512,

    /// <summary>What a hard link is a name of.</summary>
    Links = 1024,

    /// <summary>Object id, and records of other kinds.</summary>
    Other = 2048,
}
