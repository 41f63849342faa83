namespace MerchantStudio.Core.Outcomes;

/// <summary>An exception that is no bug: whoever runs the studio can put its cause right.</summary>
public interface IExplained
{
    /// <summary>What to do; null where only a developer can help.</summary>
    Problem? Problem { get; }

    /// <summary>The first explanation among an exception and its causes; null when there is none.</summary>
    static Problem? Of(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is IExplained { Problem: { } problem }) return problem;
        }

        return null;
    }
}
