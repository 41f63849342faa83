using System.Text;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Ingestion;

/// <summary>A file to fill in for each kind of data: our own form with two example rows. UTF-8 with BOM, so that spreadsheets show Chinese.</summary>
public static class ImportTemplate
{
    /// <summary>"orders-template.csv".</summary>
    public static string FileName(DatasetKind kind) => $"{(kind == DatasetKind.AdSpend ? "ad-spend" : kind.ToString().ToLowerInvariant())}-template.csv";

    public static byte[] Content(DatasetKind kind) => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Text(kind).ReplaceLineEndings("\r\n"))];

    private static string Text(DatasetKind kind) => kind switch
    {
        DatasetKind.Orders => """
            order_id,user_id,timestamp,order_state,item_id,item_name,price,quantity,discount,coupon_code,currency,region
            1001,c-1,2026-06-01 10:00:00,paid,TEA-01,Green tea,10.00,2,3.00,SPRING10,EUR,Berlin
            1002,顾客二,2026-06-02 11:30:00,refunded,CUP-01,青瓷杯,35.00,1,,,EUR,杭州

            """,
        DatasetKind.Products => """
            item_id,item_name,category,brand,price,cost,description
            TEA-01,Green tea,Food > Tea,Hill & Leaf,10.00,4.00,Picked in spring
            CUP-01,青瓷杯,家居 > 茶具,山叶,35.00,12.00,手工青瓷

            """,
        DatasetKind.Customers => """
            user_id,customer_name,email,phone,country,city,gender,birth_year,joined_at,email_consent
            c-1,Ada Vale,ada@example.com,+44 111 000 100,GB,Leeds,f,1990,2026-01-15,yes
            顾客二,王某,wang@example.com,13800000000,CN,杭州,m,1985,2026-02-20,no

            """,
        DatasetKind.Reviews => """
            item_id,user_id,timestamp,rating,review_title,review_text
            TEA-01,c-1,2026-06-05 09:00:00,5,Lovely,"A fresh tea, arrived fast."
            CUP-01,顾客二,2026-06-06 12:00:00,3,一般,颜色很好，但比想象的小。

            """,
        DatasetKind.Feedback => """
            feedback_type,user_id,item_id,timestamp,feedback_value,comment
            liked,c-1,TEA-01,2026-06-07 09:00:00,1,
            dismissed,顾客二,CUP-01,2026-06-07 10:00:00,0,已经买过了

            """,
        DatasetKind.AdSpend => """
            timestamp,channel,campaign,spend,currency,impressions,clicks
            2026-06-01,google,Spring tea,25.50,EUR,12000,340
            2026-06-01,抖音,618 茶具,80.00,EUR,45000,900

            """,
        DatasetKind.Features => """
            user_id,visits,basket_value,days_since_last,channel,label
            c-1,12,43.50,3,search,1
            顾客二,2,0,41,抖音,0

            """,
        _ => """
            user_id,event_type,item_id,timestamp,price,quantity,order_id,session_id,device,channel
            c-1,view,TEA-01,2026-06-01 09:58:00,10.00,,,s-1,mobile,search
            顾客二,purchase,CUP-01,2026-06-02 11:30:00,35.00,1,1002,s-2,desktop,抖音

            """,
    };
}
