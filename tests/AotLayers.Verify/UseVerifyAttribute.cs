using System.Reflection;
using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>Tells Verify which test runs. The build adds it to test assemblies.</summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class UseVerifyAttribute : BeforeAfterTestAttribute
{
    private static readonly AsyncLocal<TestMethod?> s_current = new();

    internal static TestMethod? Current => s_current.Value;

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest) => s_current.Value = new TestMethod(methodUnderTest);

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest) => s_current.Value = null;
}

/// <summary>The running test.</summary>
/// <param name="Method">Its method.</param>
internal sealed record TestMethod(MethodInfo Method)
{
    /// <summary>Name of the class; nested classes are joined by a dot.</summary>
    public string TypeName
    {
        get
        {
            Type type = Method.ReflectedType!;
            string name = type.Name;
            for (Type? outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
            {
                name = $"{outer.Name}.{name}";
            }

            return name;
        }
    }

    /// <summary>Value of an <see cref="AssemblyMetadataAttribute"/> that the build wrote into the test assembly.</summary>
    public string? Metadata(string key) =>
        Method.ReflectedType!.Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == key)?.Value;
}
