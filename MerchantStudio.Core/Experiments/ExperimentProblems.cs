using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Experiments;

internal static class ExperimentProblems
{
    public static Problem OverrideWithoutReason(int letters) => new("experiments.override-without-reason", "Say in at least {0} letters why you decide otherwise than the figures. The reason is kept with the experiment.", letters);

    public static Problem OverrideChangesNothing() => new("experiments.override-changes-nothing", "That is already the verdict. Choose another one or leave it as it is.");

    public static Problem Gone() => new("experiments.gone", "This experiment does not exist any more. Go back to the list.");

    public static Problem NotRunning() => new("experiments.not-running", "This experiment takes nobody in now. Start it first; one that was stopped stays stopped.");

    public static Problem AlreadyStopped() => new("experiments.already-stopped", "This experiment was stopped and cannot run again, because its people would not be comparable. Make a new one.");

    public static Problem ChangedMeanwhile() => new("experiments.changed-meanwhile", "Somebody else changed this experiment at the same moment. Load the page again and repeat your change.");

    public static Problem NameMissing(int letters) => new("experiments.no-name", "Give the experiment a name of 1 to {0} characters.", letters);

    public static Problem ArmsUnfit(int most) => new("experiments.unfit-arms", "An experiment has 1 to {0} variants, each with a share. Add or remove some.", most);

    public static Problem ArmNamesUnfit(int letters) => new("experiments.unfit-arm-names", "Each variant needs a name of its own of 1 to {0} characters. Correct them.", letters);

    public static Problem SharesUnfit() => new("experiments.unfit-shares", "Each variant needs a share above 0, and all shares with the control group come to at most 100 percent. Correct them.");

    public static Problem NobodyToCompare() => new("experiments.nobody-to-compare", "With one variant and no control group there is nobody to compare with. Hold some people back or add a variant.");

    public static Problem GoalDaysUnfit(int most) => new("experiments.unfit-goal-days", "Orders can count for 1 to {0} days. Correct the days.", most);

    public static Problem PlanMissing() => new("experiments.no-plan", "Say how many people are planned, at least 2. The planner works it out from the shop's own past.");

    public static Problem MessageCostUnfit() => new("experiments.unfit-message-cost", "A message costs nothing or more. Correct the cost.");

    public static Problem NoSuchArm() => new("experiments.no-such-arm", "There is no verdict on that variant yet. Load the page again.");

    public static Problem PastTooShort(int days) => new("experiments.past-too-short", "The shop's data do not reach back {0} days, so there is no past to plan from. Count orders for fewer days or import more.", days);

    public static Problem TooFewForUplift(int people) => new("experiments.too-few-for-uplift", "Whom an offer changes can be learnt from {0} people in each group; this experiment has fewer yet.", people);

    public static Problem HoldoutUnfit(int percent) => new("experiments.unfit-holdout", "The share held back from all campaigns must lie between 0 and {0} percent. Correct it.", percent);

    public static Problem HoldoutUnchanged() => new("experiments.holdout-unchanged", "That is already the share held back from all campaigns.");
}
