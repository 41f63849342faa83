using System.Text;
using System.Xml;

namespace MerchantStudio.Core.Ingestion.Formats.Workbooks;

/// <summary>The texts that cells of a workbook point to, as UTF-8 in one piece.</summary>
internal sealed class SharedTexts
{
    private const int MostBytes = 512 << 20;
    private readonly List<int> _ends = [];
    private byte[] _utf8 = new byte[64 * 1024];
    private int _length;

    public static SharedTexts None { get; } = new();

    public static SharedTexts Read(XmlReader xml, CancellationToken cancellationToken)
    {
        var texts = new SharedTexts();
        var text = new StringBuilder();
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "si") continue;
            text.Clear();
            SheetXml.AppendText(xml, text);
            texts.Add(text);
            if (texts._ends.Count % 10_000 == 0) cancellationToken.ThrowIfCancellationRequested();
        }

        return texts;
    }

    /// <summary>Null for a place that the workbook does not have.</summary>
    public string? this[int place] => place < 0 || place >= _ends.Count ? null : Encoding.UTF8.GetString(_utf8.AsSpan(From(place), _ends[place] - From(place)));

    private int From(int place) => place == 0 ? 0 : _ends[place - 1];

    private void Add(StringBuilder text)
    {
        foreach (var chunk in text.GetChunks())
        {
            var most = Encoding.UTF8.GetMaxByteCount(chunk.Length);
            if (_length + (long)most > MostBytes) throw new FileRefusedException(FormatProblems.WorkbookTooLarge(MostBytes >> 20));
            if (_length + most > _utf8.Length) Array.Resize(ref _utf8, Math.Max(_utf8.Length * 2, _length + most));
            _length += Encoding.UTF8.GetBytes(chunk.Span, _utf8.AsSpan(_length));
        }

        _ends.Add(_length);
    }
}
