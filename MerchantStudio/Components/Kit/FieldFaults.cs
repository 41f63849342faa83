using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Kit;

/// <summary>The fields of a page or dialog whose text could not be taken. Its main button waits for them: it would go by the values before.</summary>
public sealed class FieldFaults
{
    private readonly List<(string Id, ElementReference Input)> _fields = [];

    public bool Any => _fields.Count > 0;

    public void Add(string id, ElementReference input)
    {
        Remove(id);
        _fields.Add((id, input));
    }

    public void Remove(string id) => _fields.RemoveAll(field => field.Id == id);

    /// <summary>Leads to the first of them, beside which it stands what is wrong.</summary>
    public ValueTask FocusAsync() => _fields is [{ Input: { Context: not null } input }, ..] ? input.FocusAsync() : ValueTask.CompletedTask;
}
