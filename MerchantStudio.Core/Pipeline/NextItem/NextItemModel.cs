using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Learning;

namespace MerchantStudio.Core.Pipeline.NextItem;

/// <param name="Item">The product.</param>
/// <param name="Because">The product of the shopper's own history without which it would stand furthest down; null where the history makes no difference.</param>
public sealed record LikelyItem(string Item, string? Because);

/// <summary>A model of the next product with the products' names: what is saved and served.</summary>
internal sealed class NextItemModel(ImmutableArray<string> items, ISequenceModel inner)
{
    private const string Signature = "MSNEXTITEM1";

    /// <summary>The last steps of a history that are looked through for a reason.</summary>
    private const int MostReasons = 8;

    private readonly Dictionary<string, int> _ids = ItemHistories.Ids(items);

    public ISequenceModel Inner => inner;

    /// <summary>Products that the shopper has not met, likeliest first.</summary>
    /// <param name="history">Names, oldest first; those that the model does not know are passed over.</param>
    public ImmutableArray<LikelyItem> Likely(IReadOnlyList<string> history, int most)
    {
        int[] known = [.. history.Where(_ids.ContainsKey).Select(item => _ids[item])];
        var scores = inner.Score(known);
        int[] chosen = [.. Enumerable.Range(1, scores.Length).Except(known).OrderByDescending(id => scores[id - 1]).ThenBy(id => id).Take(most)];
        var without = Enumerable.Range(Math.Max(0, known.Length - MostReasons), Math.Min(known.Length, MostReasons)).Select(step => (Item: known[step], Scores: inner.Score([.. known[..step], .. known[(step + 1)..]]))).ToList();
        return [.. chosen.Select(id => new LikelyItem(items[id - 1], Reason(id)))];

        string? Reason(int id)
        {
            var place = Place(scores, id);
            var strongest = without.Select(one => (one.Item, Fall: Place(one.Scores, id) - place)).OrderByDescending(one => one.Fall).FirstOrDefault();
            return strongest.Fall > 0 ? items[strongest.Item - 1] : null;
        }
    }

    /// <summary>Ids of the model's products, from 1, as its file takes them.</summary>
    /// <param name="history">Names; one that the model does not know gets an id beyond those.</param>
    public int[] Ids(IEnumerable<string> history) => [.. history.Select(item => _ids.GetValueOrDefault(item, items.Length + 1))];

    /// <summary>
    /// The model as an ONNX file: its input "steps" takes the ids of a shopper's products, as the metadata "items" lists their names from 1 on, oldest first and 0 where
    /// there is none; it gives "score", a column for each product in that order, 0 where the model knows none of a row's ids.
    /// </summary>
    /// <param name="eightBit">Whether a network's weights are written as 8-bit numbers.</param>
    /// <returns>Null for a model that has no such form.</returns>
    public byte[]? ToOnnx(bool eightBit = false) => SequenceModels.ToOnnx(inner, items, eightBit);

    public void Save(Stream stream)
    {
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Signature);
            writer.Write(items.Length);
            foreach (var item in items) writer.Write(item);
        }

        inner.Save(stream);
    }

    /// <exception cref="InvalidDataException">The stream does not hold a model of the next product.</exception>
    public static NextItemModel Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadString() != Signature) throw new InvalidDataException("Not a model of the next product.");
        var items = new string[reader.ReadInt32()];
        for (var item = 0; item < items.Length; item++) items[item] = reader.ReadString();
        return new NextItemModel([.. items], SequenceModels.Load(stream));
    }

    private static int Place(float[] scores, int id) => scores.Count(score => score > scores[id - 1]);
}
