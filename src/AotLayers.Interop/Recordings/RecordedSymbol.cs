namespace AotLayers.Interop;

/// <summary>A handle that goes into calls of a recording.</summary>
internal sealed class RecordedSymbol
{
    public RecordedSymbol(string symbol, int ordinal)
    {
        Symbol = symbol;
        Ordinal = ordinal;
        IsBorrowed = HandleSymbols.IsBorrowed(symbol);
        Alone = [this];
    }

    /// <summary>Its name: <c>context#1</c>.</summary>
    public string Symbol { get; }

    /// <summary>Its place among the handles of the recording, from 0.</summary>
    public int Ordinal { get; }

    /// <summary>The program never made it: calls on it have no order of their own.</summary>
    public bool IsBorrowed { get; }

    /// <summary>The handles of the many calls that have only this one.</summary>
    public RecordedSymbol[] Alone { get; }
}
