using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Setup;

namespace MerchantStudio.Components.Pages.Settings;

/// <summary>The form of a shop's message settings.</summary>
internal sealed class MessagingDraft
{
    private const int Evening = 21 * 60;
    private const int Morning = 8 * 60;

    public string? SenderName { get; set; }
    public string? SenderAddress { get; set; }
    public string? PublicAddress { get; set; }
    public string? SmtpHost { get; set; }
    public decimal? SmtpPort { get; set; }
    public MailSecurity SmtpSecurity { get; set; }
    public string? SmtpUser { get; set; }

    /// <summary>Empty leaves the one that is kept.</summary>
    public string? Password { get; set; }
    public decimal? MostAWeek { get; set; }
    public decimal? MostEmails { get; set; }
    public decimal? MostWebhooks { get; set; }
    public decimal? MostOnSite { get; set; }
    public decimal? MostCsv { get; set; }
    public bool IsQuiet { get; set; }
    public int QuietFrom { get; set; } = Evening;
    public int QuietTo { get; set; } = Morning;
    public bool WritesWithoutAnswer { get; set; }

    public static MessagingDraft Of(MessagingChange kept) => new()
    {
        SenderName = kept.SenderName,
        SenderAddress = kept.SenderAddress,
        PublicAddress = kept.PublicAddress,
        SmtpHost = kept.SmtpHost,
        SmtpPort = kept.SmtpPort,
        SmtpSecurity = kept.SmtpSecurity,
        SmtpUser = kept.SmtpUser,
        MostAWeek = kept.MostAWeek,
        MostEmails = kept.MostEmails,
        MostWebhooks = kept.MostWebhooks,
        MostOnSite = kept.MostOnSite,
        MostCsv = kept.MostCsv,
        IsQuiet = kept.QuietFrom is not null,
        QuietFrom = kept.QuietFrom ?? Evening,
        QuietTo = kept.QuietTo ?? Morning,
        WritesWithoutAnswer = kept.WritesWithoutAnswer,
    };

    public MessagingChange ToChange() => new(
        SenderName ?? "", SenderAddress ?? "", PublicAddress ?? "", SmtpHost ?? "", (int)(SmtpPort ?? 587), SmtpSecurity, SmtpUser ?? "", string.IsNullOrEmpty(Password) ? null : Password,
        (int?)MostAWeek, (int?)MostEmails, (int?)MostWebhooks, (int?)MostOnSite, (int?)MostCsv, IsQuiet ? QuietFrom : null, IsQuiet ? QuietTo : null, WritesWithoutAnswer);
}
