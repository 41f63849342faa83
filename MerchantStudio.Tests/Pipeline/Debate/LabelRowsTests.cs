using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Pipeline.Debate;
using MerchantStudio.Tests.Learning;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Debate;

public sealed class LabelRowsTests
{
    [Fact]
    public void Answers_join_the_training_rows_and_neither_those_that_choose_nor_those_that_judge()
    {
        var (x, y) = LearningWorld.Shoppers(40, 3);
        var window = new IntentWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(7), x, [.. y]);
        var question = new IntentQuestion(7, window, window with { X = x }, window with { Y = [.. y] }, Seed: 1);
        var answers = new LabelRows(x.Take([4, 9]), [1, 0], [Guid.NewGuid(), Guid.NewGuid()]);
        var joined = LabelRows.Join(question, answers);
        Assert.Same(question.Validation, joined.Validation);
        Assert.Same(question.Test, joined.Test);
        Assert.Equal([.. y, .. Enumerable.Repeat(answers.Y, LabelBook.CountsAs).SelectMany(labels => labels)], joined.Training.Y);
        Assert.Equal([.. Enumerable.Range(0, 40), 4, 9, 4, 9, 4, 9], Enumerable.Range(0, joined.Training.X.Rows).Select(row => Enumerable.Range(0, 40).First(from => x[from, 2] == joined.Training.X[row, 2])));   // noise tells rows apart
        Assert.Same(question, LabelRows.Join(question, null));
    }
}
