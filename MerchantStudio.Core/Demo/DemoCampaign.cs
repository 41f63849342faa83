using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Demo.Generator;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Demo;

/// <summary>
/// A campaign of the demo that is over: a mail without an offer to those who had bought before, three of ten held back. The shoppers of the demo never heard of it, so what it truly changed is
/// known: no order, and each message cost its postage. Who got it is dealt out as any campaign does, and its report is read from the demo's own orders.
/// </summary>
internal sealed class DemoCampaign(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses)
{
    public static readonly Guid CampaignId = new("0199de30-0000-7000-8000-000000000001");
    public static readonly Guid ExperimentId = new("0199de30-0000-7000-8000-000000000002");

    /// <summary>Of one message, in cents.</summary>
    public const long MessageCostMinor = 30;

    public const int HoldoutBasisPoints = 3_000;
    public const int GoalDays = 30;

    /// <summary>Thirty days and more before the data end.</summary>
    private const int FirstDay = 372;

    private const string Name = "We have missed you";
    private const string Salt = "lark-and-linden";
    private static readonly Guid MessageId = new("0199de30-0000-7000-8000-000000000003");

    /// <summary>Once: what is there stays.</summary>
    public async Task WriteAsync(int shiftDays, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        if (await database.Campaigns.AnyAsync(row => row.Id == CampaignId, cancellationToken).ConfigureAwait(false)) return;
        var at = DemoCalendar.Start.AddDays(FirstDay + shiftDays).AddHours(8);
        var audience = await AudienceAsync(at, cancellationToken).ConfigureAwait(false);
        if (audience.IsEmpty) return;
        var split = ExperimentSplit.Of(Salt, [CampaignPreparation.Arm], [Assignment.Slots - HoldoutBasisPoints], HoldoutBasisPoints);
        var template = Message.ToJson();
        database.Campaigns.Add(CampaignOf(at, audience.Length, template));
        database.Experiments.Add(ExperimentOf(at, audience.Length, split));
        database.CampaignMessages.Add(new CampaignMessage { Id = MessageId, WorkspaceId = WorkspaceDirectory.Demo, CampaignId = CampaignId, TemplateJson = template, Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template))), CreatedAt = at });
        for (var index = 0; index < audience.Length; index++)
        {
            var place = split.ArmOf(audience[index]);
            var treated = place.Kind == AssignmentKind.Arm;
            database.CampaignMembers.Add(new CampaignMember { WorkspaceId = WorkspaceDirectory.Demo, CampaignId = CampaignId, ShopperId = audience[index], Place = treated ? CampaignPlace.Treated : CampaignPlace.Holdout, AddedAt = at });
            database.ExperimentPeople.Add(new ExperimentPerson { WorkspaceId = WorkspaceDirectory.Demo, ExperimentId = ExperimentId, ShopperId = audience[index], Arm = place.Arm, AssignedAt = at });
            database.Deliveries.Add(DeliveryOf(audience[index], index, treated, at));
        }

        await database.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    private static MessageTemplate Message { get; } = new(
        new MessageText("We have missed you, {{shopper.first_name|friend}}", "Hello {{shopper.first_name|there}},\n\nit has been a while. Have a look at what is new.\n\n{{shop.name}}"),
        new MessageText("{{shopper.first_name|您好}}，好久不见", "{{shopper.first_name|您好}}：\n\n许久未见，欢迎来看看新品。\n\n{{shop.name}}"));

    private static Campaign CampaignOf(DateTimeOffset at, int audience, string template) => new()
    {
        Id = CampaignId,
        WorkspaceId = WorkspaceDirectory.Demo,
        Name = Name,
        State = CampaignState.Ended,
        AudienceJson = ConditionJson.Write(new Comparison("orders", ConditionOperator.AtLeast, ["1"])),
        Channel = MessageChannel.Email,
        TemplateJson = template,
        StartsOn = DateOnly.FromDateTime(at.UtcDateTime),
        EndsOn = DateOnly.FromDateTime(at.UtcDateTime),
        Goal = ExperimentGoal.Profit,
        GoalDays = GoalDays,
        HoldoutBasisPoints = HoldoutBasisPoints,
        Currency = "EUR",
        ExperimentId = ExperimentId,
        CreatedBy = Actor.Scheduler.Name,
        CreatedAt = at.AddDays(-1),
        StartedAt = at,
        PreparedAt = at,
        LastRunAt = at,
        EndedAt = at.AddDays(GoalDays),
        AudienceCount = audience,
    };

    private static Experiment ExperimentOf(DateTimeOffset at, int audience, ExperimentSplit split) => new()
    {
        Id = ExperimentId,
        WorkspaceId = WorkspaceDirectory.Demo,
        Key = "we-have-missed-you",
        Name = Name,
        CampaignId = CampaignId,
        State = ExperimentState.Stopped,
        SplitJson = SplitText.Write(split),
        Goal = ExperimentGoal.Profit,
        GoalDays = GoalDays,
        PlannedPeople = audience,
        MessageCost = MessageCostMinor / 100m,
        CreatedBy = Actor.Scheduler.Name,
        CreatedAt = at.AddDays(-1),
        StartedAt = at,
        StoppedAt = at.AddDays(GoalDays),
    };

    private static Delivery DeliveryOf(string shopper, int index, bool treated, DateTimeOffset at) => new()
    {
        Id = new Guid(index, 0x30, 0x7de0, [0x80, 0, 0, 0, 0, 0, 0, 4]),
        WorkspaceId = WorkspaceDirectory.Demo,
        CampaignId = CampaignId,
        Occurrence = "",
        MessageId = MessageId,
        ShopperId = shopper,
        Channel = MessageChannel.Email,
        State = treated ? DeliveryState.Sent : DeliveryState.Suppressed,
        Reason = treated ? DeliveryReason.None : DeliveryReason.Holdout,
        Slot = treated ? "" : nameof(DeliveryReason.Holdout),
        Attempts = treated ? 1 : 0,
        FirstAttemptAt = treated ? at : null,
        CreatedAt = at,
        SentAt = treated ? at : null,
    };

    private async Task<ImmutableArray<string>> AudienceAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(WorkspaceDirectory.Demo, cancellationToken).ConfigureAwait(false);
        return await warehouse.QueryAsync(
            "select user_id from events where event_type = 'purchase' and user_id is not null group by user_id having min(ts) < $1 order by user_id", row => row.Text(0)!, [at], cancellationToken).ConfigureAwait(false);
    }
}
