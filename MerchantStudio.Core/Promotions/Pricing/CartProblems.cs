using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions.Pricing;

public sealed record CartEmpty() : Problem("cart.empty", "The basket has no lines. Send at least one.");

public sealed record CartTooLong(int Given, int Limit) : Problem("cart.too-long", "The basket has {0} lines; {1} are the most. Join lines of the same item.", Given, Limit);

public sealed record CartItemMissing(int Line) : Problem("cart.no-item", "Line {0} of the basket names no item, or one of more than 200 characters. Give its item id.", Line);

public sealed record CartQuantityUnfit(int Line, string Item, int Quantity)
    : Problem("cart.unfit-quantity", "Line {0} ('{1}') has the quantity {2}. Give a whole number from 1 to 1,000,000.", Line, Item, Quantity);

public sealed record CartPriceUnfit(int Line, string Item, long Minor)
    : Problem("cart.unfit-price", "Line {0} ('{1}') has the price {2}, in the currency's smallest unit. Give a price of zero or more.", Line, Item, Minor);

public sealed record CartCostUnfit(int Line, string Item, long Minor)
    : Problem("cart.unfit-cost", "Line {0} ('{1}') has the cost {2}, in the currency's smallest unit. Give a cost of zero or more, or leave it out.", Line, Item, Minor);

public sealed record CartShippingUnfit(long Minor) : Problem("cart.unfit-shipping", "Shipping costs {0}, in the currency's smallest unit. Give zero or more.", Minor);

public sealed record CartTooDear(string Amount, long Limit) : Problem("cart.too-dear", "The basket is worth {0} minor units; {1} are the most. Check prices and quantities.", Amount, Limit);

public sealed record CartCurrencyOther(string Given, string Expected) : Problem("cart.other-currency", "The basket is in '{0}', the shop's rules are in {1}. Send amounts in {1}.", Given, Expected);
