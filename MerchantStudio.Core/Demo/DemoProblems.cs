using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Demo;

/// <summary>What can stand in the way of the demo shop.</summary>
internal static class DemoProblems
{
    public static Problem FilesMissing(string folder) =>
        new("demo.files-missing", "The demo shop's files are not in {0}. Build the program again, or write them there with: demo generate --out DIR", folder);

    public static Problem NotTheDemo() =>
        new("demo.not-the-demo", "Only the demo shop has a planted truth to compare with. Open the demo to see this page.");

    public static Problem NothingPublished() =>
        new("demo.nothing-published", "The demo's models have not been published yet. Wait for the work that is shown at the bottom left, then open this page again.");

    public static Problem Busy() =>
        new("demo.busy", "The demo shop is being loaded or trained right now. Wait until it is done, or cancel it, and try again.");
}
