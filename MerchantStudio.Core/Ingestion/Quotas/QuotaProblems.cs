using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion.Quotas;

/// <summary>What a workspace's limits refuse.</summary>
internal static class QuotaProblems
{
    public static Problem Bytes(long mostMegabytes, long usedMegabytes, long neededMegabytes) =>
        new("import.quota-bytes", "This shop may use {0} MB of the disk. It uses {1} MB, and the file needs about {2} MB more. Remove data or files that wait, or ask an owner to raise the limit under Settings, Space and limits.", mostMegabytes, usedMegabytes, neededMegabytes);

    public static Problem Rows(long most, long would) =>
        new("import.quota-rows", "This shop may hold {0} rows, and with the file it would hold {1}. Remove data or import fewer rows, or ask an owner to raise the limit under Settings, Space and limits.", most, would);

    public static Problem Uploads(int most) =>
        new("import.too-many-uploads", "{0} files are being uploaded already, which is as many as the studio takes at once. Try again when one of them is done.", most);

    public static Problem Files(int files, int most) =>
        new("import.too-much-waiting", "{0} uploaded files wait for their import already; this shop may have {1}. Import or discard them first, or ask an owner to raise the limit under Settings, Space and limits.", files, most);

    public static Problem LimitsInvalid(int mostUploads) =>
        new("quota.limits-invalid", "A shop may use 100 MB or more, hold 1 row or more, upload 1 to {0} files at once and let 1 to 100,000 files wait.", mostUploads);
}
