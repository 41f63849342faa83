using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Insights.Figures;

public static class FiguresRegistration
{
    public static IServiceCollection AddFigures(this IServiceCollection services) => services.AddSingleton<FigureReader>();
}
