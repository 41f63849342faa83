using MerchantStudio.Tests.Browser;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(BrowserFirst))]

namespace MerchantStudio.Tests.Browser;

/// <summary>Browser tests run one after another and take longest, so they begin at once and the others run beside them.</summary>
public sealed class BrowserFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderByDescending(collection => collection.TestCollectionDisplayName == BrowserTests.Name)];
}
