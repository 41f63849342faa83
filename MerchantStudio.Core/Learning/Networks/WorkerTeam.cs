using System.Runtime.ExceptionServices;

namespace MerchantStudio.Core.Learning.Networks;

/// <summary>Threads that stay for a whole training and take the tasks of one step after the other; the caller's is one of them. A step costs one fork and one join.</summary>
internal sealed class WorkerTeam : IDisposable
{
    private const int Spins = 1_000;   // a step follows within microseconds; sleeping at once would cost more than the step

    private readonly ManualResetEventSlim[] _go;
    private readonly ManualResetEventSlim _done = new(initialState: false, Spins);
    private readonly Thread[] _threads;
    private Action<int, int> _work = (_, _) => { };
    private int _next;
    private int _tasks;
    private int _open;
    private volatile bool _ending;
    private Exception? _failure;

    /// <param name="workers">1 or more.</param>
    public WorkerTeam(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        Workers = workers;
        _go = [.. Enumerable.Range(1, workers - 1).Select(_ => new ManualResetEventSlim(initialState: false, Spins))];
        _threads = [.. Enumerable.Range(1, workers - 1).Select(worker => new Thread(() => Stay(worker)) { IsBackground = true, Name = $"Training {worker}" })];
        foreach (var thread in _threads) thread.Start();
    }

    public int Workers { get; }

    /// <summary>Does all tasks and returns when the last has ended. Which worker takes which task is not decided, so a task must not depend on it.</summary>
    /// <param name="work">Gets the task, from 0, and the worker, from 0.</param>
    public void Run(int tasks, Action<int, int> work)
    {
        (_work, _tasks, _next, _failure) = (work, tasks, -1, null);
        _open = _threads.Length;
        _done.Reset();
        foreach (var go in _go) go.Set();
        Take(0);
        if (_threads.Length > 0) _done.Wait();
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose()
    {
        _ending = true;
        foreach (var go in _go) go.Set();
        foreach (var thread in _threads) thread.Join();
        foreach (var go in _go) go.Dispose();
        _done.Dispose();
    }

    private void Stay(int worker)
    {
        while (true)
        {
            _go[worker - 1].Wait();
            _go[worker - 1].Reset();
            if (_ending) return;
            Take(worker);
            if (Interlocked.Decrement(ref _open) == 0) _done.Set();
        }
    }

    private void Take(int worker)
    {
        // Whatever went wrong in a task is thrown again where the step was begun.
#pragma warning disable CA1031
        try
        {
            for (var task = Interlocked.Increment(ref _next); task < _tasks; task = Interlocked.Increment(ref _next)) _work(task, worker);
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
#pragma warning restore CA1031
    }
}
