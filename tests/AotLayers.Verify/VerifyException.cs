namespace VerifyTests;

/// <summary>A snapshot is new or differs, or Verify was used wrongly.</summary>
public class VerifyException : Exception
{
    /// <summary>Makes the exception.</summary>
    public VerifyException(string message)
        : base(message)
    {
    }
}
