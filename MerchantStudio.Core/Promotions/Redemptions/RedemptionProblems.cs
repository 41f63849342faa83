using System.Text.Json;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>The offer is not given on this order.</summary>
public sealed record CouponRefused(RefusalReason Reason) : Problem("coupon.refused", "This code gives nothing on this order ({0}). Show the shopper why, and let the order go on without it.", JsonNamingPolicy.SnakeCaseLower.ConvertName(Reason.ToString()));

public sealed record IdempotencyKeyUnfit() : Problem("coupon.no-idempotency-key", "Send a header Idempotency-Key of 1 to 200 characters, the same for every attempt at one redemption. The order's id will do.");

public sealed record IdempotencyKeyTaken() : Problem("coupon.idempotency-key-taken", "This Idempotency-Key was used for another request. Nothing was done; use a key of its own for each redemption.");

public sealed record OrderIdUnfit() : Problem("coupon.no-order", "Give the order's id as order_id, 1 to 200 characters.");

public sealed record ShopperIdUnfit() : Problem("coupon.unfit-shopper", "The shopper's id, user_id, may have up to 200 characters.");

public sealed record RedemptionUnknown() : Problem("coupon.redemption-unknown", "There is no such redemption in this shop.");

/// <summary>Rule or order changed again and again while the use was judged.</summary>
public sealed record RedemptionBusy() : Problem("coupon.busy", "This order or its rule is being changed at the same moment. Nothing was done; send the request again with the same Idempotency-Key.");

public sealed record CouponBodyUnreadable(string Path) : Problem("coupon.unreadable", "The body cannot be read at {0}: a field is missing, unknown or of another kind. Wanted: order_id, user_id and cart with currency and lines of item_id, quantity and price.", Path);

public sealed record CouponAmountUnfit(string Path) : Problem("coupon.unfit-amount", "The amount at {0} is finer than the currency's smallest coin, or too large. Send it rounded as the shop charges it.", Path);

public sealed record CouponBodyTooLarge(int MostBytes) : Problem("coupon.too-large", "The body is larger than {0} bytes. Send fewer lines.", MostBytes);

public sealed record CouponKeyRefused() : Problem("coupon.key-refused", "This call needs a key that may redeem coupons, in the header X-API-Key. Make one under Settings, API keys.");

public sealed record TooManyWrongCodes(int RetrySeconds) : Problem("coupon.too-many-wrong-codes", "Too many codes that do not exist were tried. Try again in {0} seconds.", RetrySeconds);
