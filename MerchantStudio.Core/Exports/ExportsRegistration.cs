using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Exports;

public static class ExportsRegistration
{
    public static IServiceCollection AddExports(this IServiceCollection services) => services.AddSingleton<TableExport>().AddSingleton<RowExports>().AddSingleton<WorkspaceExport>();
}
