using MerchantStudio.Core.Shop;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MerchantStudio.Core.AppState;

/// <summary>Everything small and transactional. Instants are stored as UTC ticks and money as minor units, because SQLite can order neither dates with offsets nor decimals.</summary>
public class StudioDb : IdentityUserContext<StudioUser, Guid>
{
    public StudioDb(DbContextOptions<StudioDb> options)
        : base(options)
    {
    }

    protected StudioDb(DbContextOptions options)
        : base(options)
    {
    }

    public DbSet<Workspace> Workspaces => Set<Workspace>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<AccessLink> AccessLinks => Set<AccessLink>();
    public DbSet<EndedSession> EndedSessions => Set<EndedSession>();
    public DbSet<InstallationSetting> InstallationSettings => Set<InstallationSetting>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    public DbSet<Dataset> Datasets => Set<Dataset>();
    public DbSet<ImportRecord> Imports => Set<ImportRecord>();
    public DbSet<SavedMapping> SavedMappings => Set<SavedMapping>();
    public DbSet<QualityRecord> QualityRecords => Set<QualityRecord>();
    public DbSet<JobRecord> Jobs => Set<JobRecord>();
    public DbSet<PipelineRun> PipelineRuns => Set<PipelineRun>();
    public DbSet<ModelVersion> Models => Set<ModelVersion>();
    public DbSet<ShopperLabel> ShopperLabels => Set<ShopperLabel>();
    public DbSet<SegmentDefinition> Segments => Set<SegmentDefinition>();
    public DbSet<RuleReplay> RuleReplays => Set<RuleReplay>();
    public DbSet<RuleJustification> RuleJustifications => Set<RuleJustification>();
    public DbSet<CouponRule> CouponRules => Set<CouponRule>();
    public DbSet<RuleVersion> RuleVersions => Set<RuleVersion>();
    public DbSet<CouponCode> CouponCodes => Set<CouponCode>();
    public DbSet<Campaign> Campaigns => Set<Campaign>();
    public DbSet<CampaignVariantRow> CampaignVariants => Set<CampaignVariantRow>();
    public DbSet<CampaignMember> CampaignMembers => Set<CampaignMember>();
    public DbSet<Delivery> Deliveries => Set<Delivery>();
    public DbSet<CampaignMessage> CampaignMessages => Set<CampaignMessage>();
    public DbSet<ShopperOptOut> ShopperOptOuts => Set<ShopperOptOut>();
    public DbSet<MessagingSettings> MessagingSettings => Set<MessagingSettings>();
    public DbSet<WebhookEndpoint> WebhookEndpoints => Set<WebhookEndpoint>();
    public DbSet<CodeBatch> CodeBatches => Set<CodeBatch>();
    public DbSet<Redemption> Redemptions => Set<Redemption>();
    public DbSet<RedemptionCounter> RedemptionCounters => Set<RedemptionCounter>();
    public DbSet<ReferralProgramme> ReferralProgrammes => Set<ReferralProgramme>();
    public DbSet<ReferralReward> ReferralRewards => Set<ReferralReward>();
    public DbSet<Experiment> Experiments => Set<Experiment>();
    public DbSet<ExperimentPerson> ExperimentPeople => Set<ExperimentPerson>();
    public DbSet<GlobalHoldoutSetting> GlobalHoldouts => Set<GlobalHoldoutSetting>();
    public DbSet<VerdictNote> VerdictNotes => Set<VerdictNote>();
    public DbSet<OfferLearning> OfferLearnings => Set<OfferLearning>();
    public DbSet<OfferTry> OfferTries => Set<OfferTry>();
    public DbSet<SavedUplift> SavedUplifts => Set<SavedUplift>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<WorkspaceId>().HaveConversion<WorkspaceIdConverter>().HaveMaxLength(40);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
        configurationBuilder.Properties<decimal>().HaveConversion<TenThousandthsConverter>();
        configurationBuilder.Properties<double>().HaveConversion<BillionthsConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        base.OnModelCreating(builder);
        builder.Entity<Workspace>().HasKey(workspace => workspace.Id);
        builder.Entity<Membership>().HasKey(membership => new { membership.UserId, membership.WorkspaceId });
        builder.Entity<Membership>().HasOne<StudioUser>().WithMany().HasForeignKey(membership => membership.UserId);
        builder.Entity<AccessLink>().HasIndex(link => link.TokenHash).IsUnique();
        builder.Entity<ApiKey>().HasIndex(key => key.SecretHash).IsUnique();
        builder.Entity<InstallationSetting>().HasKey(setting => setting.Key);
        builder.Entity<AuditEntry>().HasIndex(entry => new { entry.WorkspaceId, entry.At });
        builder.Entity<ImportRecord>().HasIndex(import => new { import.WorkspaceId, import.Number }).IsUnique();
        builder.Entity<SavedMapping>().HasIndex(mapping => new { mapping.WorkspaceId, mapping.Kind, mapping.HeaderHash }).IsUnique();
        builder.Entity<QualityRecord>().HasIndex(record => new { record.WorkspaceId, record.At });
        builder.Entity<JobRecord>().HasIndex(job => new { job.WorkspaceId, job.State });
        builder.Entity<PipelineRun>().HasIndex(run => new { run.WorkspaceId, run.Number }).IsUnique();
        builder.Entity<ModelVersion>().HasIndex(model => new { model.WorkspaceId, model.Task, model.Number }).IsUnique();
        builder.Entity<ShopperLabel>().HasIndex(label => new { label.WorkspaceId, label.HorizonDays, label.Moment, label.ShopperId }).IsUnique();
        builder.Entity<SegmentDefinition>().HasIndex(segment => new { segment.WorkspaceId, segment.Name }).IsUnique();
        builder.Entity<RuleReplay>().HasIndex(replay => new { replay.RuleId, replay.MadeAt });
        builder.Entity<RuleReplay>().HasOne<CouponRule>().WithMany().HasForeignKey(replay => replay.RuleId);
        builder.Entity<RuleReplay>().HasOne<Workspace>().WithMany().HasForeignKey(replay => replay.WorkspaceId).OnDelete(DeleteBehavior.Cascade);
        builder.Entity<RuleJustification>().HasIndex(justification => new { justification.RuleId, justification.Finding });
        builder.Entity<RuleJustification>().HasOne<CouponRule>().WithMany().HasForeignKey(justification => justification.RuleId);
        builder.Entity<RuleJustification>().HasOne<Workspace>().WithMany().HasForeignKey(justification => justification.WorkspaceId).OnDelete(DeleteBehavior.Cascade);
        builder.Entity<CouponRule>().Property(rule => rule.Revision).IsConcurrencyToken();
        builder.Entity<CouponRule>().HasIndex(rule => new { rule.WorkspaceId, rule.Name }).IsUnique();
        builder.Entity<RuleVersion>().HasIndex(version => new { version.RuleId, version.Number }).IsUnique();
        builder.Entity<RuleVersion>().HasOne<CouponRule>().WithMany().HasForeignKey(version => version.RuleId).OnDelete(DeleteBehavior.Cascade);
        builder.Entity<CouponCode>().HasIndex(code => new { code.WorkspaceId, code.Lookup }).IsUnique();
        builder.Entity<CouponCode>().HasIndex(code => new { code.RuleId, code.ShopperId });
        builder.Entity<CouponCode>().HasIndex(code => new { code.CampaignId, code.ShopperId }).IsUnique();
        builder.Entity<Campaign>().Property(campaign => campaign.Revision).IsConcurrencyToken();
        builder.Entity<Campaign>().HasIndex(campaign => new { campaign.WorkspaceId, campaign.Name }).IsUnique();
        builder.Entity<Campaign>().HasIndex(campaign => campaign.State);
        builder.Entity<CampaignVariantRow>().HasKey(variant => new { variant.CampaignId, variant.Number });
        builder.Entity<Campaign>().HasMany(campaign => campaign.Variants).WithOne().HasForeignKey(variant => variant.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.Entity<Campaign>().Navigation(campaign => campaign.Variants).AutoInclude();
        builder.Entity<CampaignMember>().HasKey(member => new { member.WorkspaceId, member.CampaignId, member.ShopperId });
        builder.Entity<CampaignMember>().HasOne<Campaign>().WithMany().HasForeignKey(member => member.CampaignId).OnDelete(DeleteBehavior.Cascade);
        builder.Entity<Redemption>().HasIndex(redemption => new { redemption.WorkspaceId, redemption.CampaignId });
        builder.Entity<Delivery>().HasIndex(delivery => new { delivery.WorkspaceId, delivery.CampaignId, delivery.Occurrence, delivery.ShopperId, delivery.Slot }).IsUnique();
        builder.Entity<Delivery>().HasIndex(delivery => new { delivery.WorkspaceId, delivery.ShopperId });
        builder.Entity<Delivery>().HasIndex(delivery => new { delivery.WorkspaceId, delivery.CreatedAt });
        builder.Entity<Delivery>().HasIndex(delivery => new { delivery.State, delivery.Target, delivery.NextAttemptAt });
        builder.Entity<CampaignMessage>().HasIndex(message => new { message.WorkspaceId, message.CampaignId, message.Hash }).IsUnique();
        builder.Entity<ShopperOptOut>().HasIndex(row => new { row.WorkspaceId, row.ShopperId }).IsUnique();
        builder.Entity<ShopperOptOut>().HasIndex(row => new { row.WorkspaceId, row.ContactHash });
        builder.Entity<MessagingSettings>().HasKey(settings => settings.WorkspaceId);
        builder.Entity<CodeBatch>().HasIndex(batch => new { batch.WorkspaceId, batch.RuleId });
        builder.Entity<CouponCode>().HasIndex(code => code.BatchId);
        builder.Entity<Redemption>().HasIndex(redemption => new { redemption.WorkspaceId, redemption.IdempotencyKey }).IsUnique();
        builder.Entity<Redemption>().HasIndex(redemption => new { redemption.WorkspaceId, redemption.Coupon, redemption.OrderId }).IsUnique().HasFilter("\"RolledBackAt\" IS NULL");
        builder.Entity<Redemption>().HasIndex(redemption => new { redemption.WorkspaceId, redemption.RuleId, redemption.At });
        builder.Entity<Redemption>().HasIndex(redemption => new { redemption.WorkspaceId, redemption.At });
        builder.Entity<Redemption>().HasIndex(redemption => new { redemption.WorkspaceId, redemption.RolledBackAt }).HasFilter("\"RolledBackAt\" IS NOT NULL");
        builder.Entity<Redemption>().HasIndex(redemption => new { redemption.WorkspaceId, redemption.OrderId });
        builder.Entity<Redemption>().HasIndex(redemption => new { redemption.WorkspaceId, redemption.ShopperId });
        builder.Entity<RedemptionCounter>().HasKey(counter => new { counter.WorkspaceId, counter.Scope, counter.Key });
        builder.Entity<CouponCode>().HasIndex(code => new { code.ReferralId, code.AdvocateId }).IsUnique();
        builder.Entity<ReferralProgramme>().Property(programme => programme.Revision).IsConcurrencyToken();
        builder.Entity<ReferralProgramme>().HasIndex(programme => new { programme.WorkspaceId, programme.Name }).IsUnique();
        builder.Entity<ReferralReward>().HasOne<ReferralProgramme>().WithMany().HasForeignKey(reward => reward.ProgrammeId).OnDelete(DeleteBehavior.Cascade);
        builder.Entity<ReferralReward>().HasIndex(reward => reward.RedemptionId).IsUnique();
        builder.Entity<ReferralReward>().HasIndex(reward => reward.UsedIn);
        builder.Entity<ReferralReward>().HasIndex(reward => new { reward.WorkspaceId, reward.Code }).IsUnique();
        builder.Entity<ReferralReward>().HasIndex(reward => new { reward.ProgrammeId, reward.FriendId }).IsUnique().HasFilter("\"TakenBackAt\" IS NULL");
        builder.Entity<ReferralReward>().HasIndex(reward => new { reward.ProgrammeId, reward.AdvocateId });
        builder.Entity<Experiment>().Property(experiment => experiment.Revision).IsConcurrencyToken();
        builder.Entity<Experiment>().HasIndex(experiment => new { experiment.WorkspaceId, experiment.Key }).IsUnique();
        builder.Entity<Experiment>().HasIndex(experiment => new { experiment.WorkspaceId, experiment.CampaignId });
        builder.Entity<ExperimentPerson>().HasKey(person => new { person.WorkspaceId, person.ExperimentId, person.ShopperId });
        builder.Entity<GlobalHoldoutSetting>().HasIndex(setting => new { setting.WorkspaceId, setting.ChangedAt });
        builder.Entity<VerdictNote>().HasIndex(note => new { note.WorkspaceId, note.ExperimentId });
        builder.Entity<VerdictNote>().HasOne<Experiment>().WithMany().HasForeignKey(note => note.ExperimentId).OnDelete(DeleteBehavior.Cascade);
        builder.Entity<OfferLearning>().HasIndex(learning => learning.WorkspaceId).IsUnique();
        builder.Entity<OfferTry>().HasIndex(row => new { row.WorkspaceId, row.RoundId, row.ShopperId }).IsUnique();
        builder.Entity<OfferTry>().HasIndex(row => new { row.WorkspaceId, row.Day });
        builder.Entity<SavedUplift>().HasIndex(row => new { row.WorkspaceId, row.ExperimentId, row.Arm, row.Number }).IsUnique();
        builder.Entity<SavedUplift>().HasOne<Experiment>().WithMany().HasForeignKey(row => row.ExperimentId).OnDelete(DeleteBehavior.Cascade);
        foreach (var entity in builder.Model.GetEntityTypes().Where(entity => entity.ClrType.GetProperty("WorkspaceId")?.PropertyType == typeof(WorkspaceId)).ToArray())
        {
            builder.Entity(entity.ClrType).HasOne(typeof(Workspace)).WithMany().HasForeignKey("WorkspaceId").OnDelete(DeleteBehavior.Cascade);
        }
    }

    private sealed class WorkspaceIdConverter() : ValueConverter<WorkspaceId, string>(id => id.Value, text => new WorkspaceId(text));

    /// <summary>Chances and shares; money is no double anywhere.</summary>
    private sealed class BillionthsConverter() : ValueConverter<double, long>(share => (long)Math.Round(share * 1e9), billionths => billionths / 1e9);

    private sealed class TenThousandthsConverter() : ValueConverter<decimal, long>(amount => (long)decimal.Round(amount * 10_000m), tenThousandths => tenThousandths / 10_000m);

    private sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(at => at.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
