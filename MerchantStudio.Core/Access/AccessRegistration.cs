using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Access;

public static class AccessRegistration
{
    /// <summary>Accounts, teams, workspaces and the audit trail. Needs the application's database and, for readable contacts, an <see cref="IContactProtector"/>.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddStudioIdentity()
        .AddSingleton<AuditTrail>()
        .AddSingleton<SetupCode>()
        .AddSingleton<WorkspaceDirectory>()
        .AddSingleton<ShopSettings>()
        .AddSingleton<WorkspaceRemoval>()
        .AddSingleton<ApiKeys>()
        .AddSingleton<DemoAccess>()
        .AddSingleton<Sessions>()
        .AddSingleton<AccountWork>()
        .AddSingleton(provider => new Accounts(
            provider.GetRequiredService<AccountWork>(),
            provider.GetRequiredService<SetupCode>(),
            provider.GetRequiredService<WorkspaceDirectory>(),
            provider.GetRequiredService<AuditTrail>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new Team(
            provider.GetRequiredService<AccountWork>(),
            provider.GetRequiredService<Accounts>(),
            provider.GetRequiredService<AuditTrail>(),
            provider.GetRequiredService<TimeProvider>()));
}
