using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Campaigns.Messages;

public sealed record MessageEmpty(string Language, string Place)
    : Problem("message.empty", "The message in '{0}' has nothing in '{1}'. Write it, or leave this language out.", Language, Place);

public sealed record MessageTooLong(string Language, string Place, int Most)
    : Problem("message.too-long", "'{1}' of the message in '{0}' is longer than {2} characters. Shorten it.", Language, Place, Most);

public sealed record MessageTokenUnknown : Problem
{
    internal MessageTokenUnknown(Spot spot, string token, string known)
        : base("message.token-unknown", "'{1}' of the message in '{0}', line {2}, column {3}: there is no token '{4}' here. Use one of these: {5}.", spot.Language, spot.Place.ToString(), spot.Line, spot.Column, token, known)
    {
    }
}

public sealed record MessageBracesOpen : Problem
{
    internal MessageBracesOpen(Spot spot)
        : base("message.braces-open", "'{1}' of the message in '{0}', line {2}, column {3}: these braces have no partner. A token has two before and two behind its name, on one line.", spot.Language, spot.Place.ToString(), spot.Line, spot.Column)
    {
    }
}

public sealed record MessageMarkup : Problem
{
    internal MessageMarkup(Spot spot, string found)
        : base("message.markup", "'{1}' of the message in '{0}', line {2}, column {3}: '{4}' is HTML. Write plain text; paragraphs, links and the button are made for you.", spot.Language, spot.Place.ToString(), spot.Line, spot.Column, found)
    {
    }
}

public sealed record MessageScript : Problem
{
    internal MessageScript(Spot spot, string found)
        : base("message.script", "'{1}' of the message in '{0}', line {2}, column {3}: '{4}' could be run as a program where the message is read. Take it out.", spot.Language, spot.Place.ToString(), spot.Line, spot.Column, found)
    {
    }
}

public sealed record MessageControlLetter : Problem
{
    internal MessageControlLetter(Spot spot)
        : base("message.control-letter", "'{1}' of the message in '{0}', line {2}, column {3}: a line break or an invisible control character is not possible here. Take it out.", spot.Language, spot.Place.ToString(), spot.Line, spot.Column)
    {
    }
}

public sealed record MessageLinkInvalid(string Language)
    : Problem("message.link-invalid", "The button's link in '{0}' must be a whole address like 'https://shop.example/offer'. Tokens may stand behind the host only.", Language);
