using System.Globalization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Currencies;

public sealed record RateFileEmpty(string Value)
    : Problem("currencies.no-rates", "No rate was found in this file. It needs a date, a currency code and a rate on each line, or a column for each currency behind the date. First value that could not be read: {0}", Value);

public sealed record RateFileTooLarge()
    : Problem("currencies.file-too-large", "This file is larger than 20 MB. Give only the days and currencies that the shop has sales in.");

public sealed record RateInvalid(decimal Rate)
    : Problem("currencies.rate-invalid", "{0} cannot be a rate. Use a number above 0 and below a million; quote it the other way round if it is larger.", Rate.ToString(CultureInfo.InvariantCulture));

public sealed record RateOfBaseCurrency(string Currency)
    : Problem("currencies.base-currency", "{0} is the shop's own currency; it needs no rate.", Currency);

public sealed record HoldDaysInvalid(int Most)
    : Problem("currencies.hold-invalid", "A rate can stay in force for 0 to {0} days without a new one.", Most);
