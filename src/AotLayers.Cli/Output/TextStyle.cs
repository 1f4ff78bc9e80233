namespace AotLayers.Cli.Output;

/// <summary>How text looks on a terminal; the values are the parameters of ECMA-48's "select graphic rendition".</summary>
internal enum TextStyle
{
    /// <summary>Fainter than the text around it.</summary>
    Dim = 2,

    /// <summary>Red letters.</summary>
    Red = 31,

    /// <summary>Green letters.</summary>
    Green = 32,

    /// <summary>Yellow letters.</summary>
    Yellow = 33,
}
