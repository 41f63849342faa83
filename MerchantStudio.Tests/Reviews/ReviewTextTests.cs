using MerchantStudio.Core.Reviews.Text;
using Xunit;

namespace MerchantStudio.Tests.Reviews;

public sealed class ReviewTextTests
{
    [Fact]
    public void English_is_cut_into_words_without_case_or_apostrophes()
    {
        var units = ReviewUnits.Cut("It didn’t fit, sadly!");
        Assert.Equal(["It", "didn’t", "fit", "sadly", "!"], units.Select(unit => "It didn’t fit, sadly!".Substring(unit.Start, unit.Length)));
        Assert.Equal(TermHash.Of("didnt"), units[1].Key);
        Assert.True(units[1].Negates);
        Assert.True(units[3].AfterPause);
    }

    [Fact]
    public void Chinese_is_cut_into_characters_and_their_runs()
    {
        var units = ReviewUnits.Cut("尺寸偏小，不好");
        Assert.Equal(6, units.Count);
        var keys = ReviewTerms.Of(units).Select(term => term.Key).ToHashSet();
        Assert.Contains(TermHash.Join(TermHash.Of("偏"), TermHash.Of("小")), keys);
        Assert.DoesNotContain(TermHash.Join(TermHash.Of("小"), TermHash.Of("不")), keys);
    }

    [Fact]
    public void A_word_behind_a_negation_becomes_another_term_until_the_next_pause()
    {
        Assert.Empty(Keys("not so good").Intersect(Keys("good")).Except(Keys("good")));
        Assert.True(Keys("not so good").Except(Keys("not")).Except(Keys("so good")).Intersect(Keys("never ever good")).Except(Keys("good")).Any());
        Assert.False(Keys("not so. good").Except(Keys("so good")).Intersect(Keys("never ever good")).Except(Keys("never")).Any());
    }

    [Theory]
    [InlineData("Very soft and warm", "en")]
    [InlineData("质量很好，iPhone 充电快", "zh")]
    [InlineData("12345 !!!", "other")]
    [InlineData("Очень хорошо", "other")]
    public void The_language_is_told_by_script(string text, string language) => Assert.Equal(language, ReviewLanguage.Of(text));

    [Fact]
    public void The_vocabulary_holds_terms_of_the_reviews_it_was_fitted_on_and_no_others()
    {
        var training = new[] { "warm wool", "warm socks" }.Select(Terms).ToArray();
        var vocabulary = TermVocabulary.Fit(training, 1);
        Assert.True(vocabulary.IndexOf(TermHash.Of("wool")) >= 0);
        Assert.True(vocabulary.IndexOf(TermHash.Of("silk")) < 0);
        Assert.Empty(vocabulary.Encode(Terms("silk")).Columns);
        Assert.Equal(1, vocabulary.Encode(Terms("warm wool wool")).Values.Sum(value => value * value), 4);
    }

    private static List<ReviewTerm> Terms(string text) => ReviewTerms.Of(ReviewUnits.Cut(text));

    private static HashSet<ulong> Keys(string text) => [.. Terms(text).Select(term => term.Key)];
}
