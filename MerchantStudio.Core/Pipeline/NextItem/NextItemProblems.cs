using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.NextItem;

public sealed record TooFewHistories(int Shoppers, int Needed, int Items)
    : Problem("next-item.too-few", "Only {0} shoppers met three or more of the {2} products that several shoppers met; telling the next product needs {1}. Import more views and purchases with product ids.", Shoppers, Needed, Items);
