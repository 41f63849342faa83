using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Experiments;

internal static class ExperimentProblems
{
    public static Problem OverrideWithoutReason(int letters) => new("experiments.override-without-reason", "Say in at least {0} letters why you decide otherwise than the figures. The reason is kept with the experiment.", letters);

    public static Problem OverrideChangesNothing() => new("experiments.override-changes-nothing", "That is already the verdict. Choose another one or leave it as it is.");
}
