namespace AotLayers;

/// <summary>
/// Something of a layer that its tar cannot or does not carry. The tar is still what every other writer of the format makes.
/// </summary>
/// <param name="Entry">Name of the entry, with backslashes.</param>
/// <param name="Reason">Why, as one word for programs: <c>tombstoneWithoutParent</c>, <c>alternateStreamNotAfterData</c>, ...</param>
/// <param name="Description">The same as a sentence for people.</param>
public sealed record LayerLossRecord(string Entry, string Reason, string Description);
