using System.Text.RegularExpressions;

namespace MerchantStudio.Core.Shop;

/// <summary>A workspace's short name: 1 to 40 of a-z, 0-9 and hyphen, beginning with a letter or figure. Safe as a folder name.</summary>
public readonly partial record struct WorkspaceId
{
    public WorkspaceId(string value)
    {
        if (!IsValid(value)) throw new ArgumentException($"'{value}' is not a workspace's short name.", nameof(value));
        Value = value;
    }

    public string Value { get; }

    public static bool IsValid(string? value) => value is not null && Pattern().IsMatch(value);

    public override string ToString() => Value;

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}

/// <summary>Whoever has behaviour in the shop: the file's user_id, as text.</summary>
public readonly record struct ShopperId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A product: the file's item_id, as text.</summary>
public readonly record struct ItemId(string Value)
{
    public override string ToString() => Value;
}
