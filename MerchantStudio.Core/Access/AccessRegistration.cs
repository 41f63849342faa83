using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Access;

public static class AccessRegistration
{
    public static IServiceCollection AddAccess(this IServiceCollection services) =>
        services.AddSingleton<AuditTrail>().AddSingleton<WorkspaceDirectory>();
}
