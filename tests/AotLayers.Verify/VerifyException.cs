namespace VerifyTests;

/// <summary>A snapshot is new or differs, or Verify was used wrongly. As in the package, tests cannot name it.</summary>
internal sealed class VerifyException : Exception
{
    public VerifyException(string message)
        : base(message)
    {
    }
}
