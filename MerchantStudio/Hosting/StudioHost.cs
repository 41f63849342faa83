using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MerchantStudio.Hosting;

/// <summary>Takes the data folder, opens app.db, serves until stopped.</summary>
internal static class StudioHost
{
    public static async Task<int> ServeAsync(this WebApplication app, StudioStart start)
    {
        if (!DataFolderLock.Take(start.Paths).TryGet(out var folder, out var inUse)) return await RefuseAsync(inUse);
        using (folder)
        {
            if (KeyRing.Check(start.Paths) is { } damaged) return await RefuseAsync(damaged);
            var database = app.Services.GetRequiredService<StudioDatabase>();
            var opened = await database.OpenAsync(CancellationToken.None);
            if (opened.Problem is { } problem) return await RefuseAsync(problem);
            var isNew = !await app.Services.GetRequiredService<Accounts>().HasOwnerAsync(CancellationToken.None);
            app.Lifetime.ApplicationStarted.Register(() =>
            {
                folder.Announce(string.Join(' ', Addresses(app)));
                if (isNew) Console.Out.WriteLine($"Set up your shop at {Addresses(app).FirstOrDefault()}/setup with the code {app.Services.GetRequiredService<SetupCode>().Shown()}");
            });
            try
            {
                await app.RunAsync();
                await database.SealAsync(CancellationToken.None);
                return 0;
            }
            catch (IOException exception) when (exception.InnerException is AddressInUseException)
            {
                return await RefuseAsync(new AddressInUse(string.Join(' ', Addresses(app))));
            }
        }
    }

    /// <summary>One sentence on standard error; the exit status of a start that did not happen.</summary>
    public static async Task<int> RefuseAsync(Problem problem)
    {
        await Console.Error.WriteLineAsync(problem.Message);
        return 1;
    }

    private static IEnumerable<string> Addresses(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
}

internal sealed record AddressInUse(string Address)
    : Problem("host.address-in-use", "{0} is taken by another program. Stop that one, or choose another address with --urls.", Address);
