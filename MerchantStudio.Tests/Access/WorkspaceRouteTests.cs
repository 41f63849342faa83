using System.Collections.Immutable;
using System.Net;
using MerchantStudio.Components.Pages.Settings;
using MerchantStudio.Core.AppState;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Access;

/// <summary>Every route of the program, taken from the program itself: a new one is tested without being named here, or fails.</summary>
public sealed class WorkspaceRouteTests(WebStudio web) : IClassFixture<WebStudio>
{
    /// <summary>Open to everybody, and holding nothing of any shop.</summary>
    private static readonly ImmutableHashSet<string> Open =
        ["/", "/start", "/start/demo", "/setup", "/sign-in", "/sign-out", "/invite/{Token}", "/reset/{Token}", "/no-shop", "/not-found", "/culture", "/health/live", "/health/ready", "/api/v1/events", "/api/v1/events/batch", "/api/v1/shoppers/{id}/score", "/api/v1/shoppers/{id}/message", "/api/v1/experiments/{key}/assignment", "/u/{token}", "/api/v1/coupons/{code}/validate", "/api/v1/coupons/{code}/redeem", "/api/v1/redemptions/{id:guid}/rollback", "/api/v1/referrals/{programme:guid}/codes", "/api/v1/decisions"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<Role> Roles => [.. Enum.GetValues<Role>()];

    [Fact]
    public void Every_route_names_a_workspace_or_is_known_to_be_open_or_asks_for_a_sign_in()
    {
        var loose = Routes().Where(route => !IsScoped(route) && IsOpenToAll(route)).Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/')).Except(Open).Where(path => !IsFile(path));
        Assert.Empty(loose);
        Assert.Contains(Routes(), IsScoped);
    }

    [Theory, Trait("Row", "A1")]
    [MemberData(nameof(Roles))]
    public async Task A_foreign_workspace_does_not_exist_for_any_role(Role role)
    {
        using var client = await web.SignInAsync(role);
        foreach (var route in Routes().Where(IsScoped))
        {
            using var answer = await client.GetAsync(AddressOf(route, WebStudio.Foreign), Now);
            var body = await answer.Content.ReadAsStringAsync(Now);
            Assert.True(answer.StatusCode is HttpStatusCode.NotFound || (answer.StatusCode is HttpStatusCode.MethodNotAllowed), $"{route.RoutePattern.RawText}: {answer.StatusCode}");
            Assert.DoesNotContain(WebStudio.Secret, body, StringComparison.Ordinal);
        }

        using var own = await client.GetAsync($"/w/{WebStudio.Own}", Now);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact, Trait("Row", "A4")]
    public async Task Nobody_sees_anything_of_a_shop_without_signing_in()
    {
        using var client = web.NewClient();
        foreach (var route in Routes().Where(route => !IsFile(route.RoutePattern.RawText!)))
        {
            foreach (var workspace in (string[])[WebStudio.Foreign, WebStudio.Own])
            {
                using var answer = await client.GetAsync(AddressOf(route, workspace), Now);
                var body = await answer.Content.ReadAsStringAsync(Now);
                Assert.DoesNotContain(WebStudio.Secret, body, StringComparison.Ordinal);
                if (IsScoped(route)) Assert.True(answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound, $"{route.RoutePattern.RawText}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public void Every_call_of_the_API_stands_on_its_page_with_an_address_that_reaches_it()
    {
        const string Root = "/api/v1/";
        var routes = Routes().Where(route => route.RoutePattern.RawText!.StartsWith(Root, StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Where(method => method != "OPTIONS"), (route, method) => (Method: method, Route: route)).ToList();
        var calls = ApiCalls.In("EUR");
        Assert.Equal(routes.Select(each => $"{each.Method} {each.Route.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal)}").Order(StringComparer.Ordinal), calls.Select(call => $"{call.Method} {call.Path}").Order(StringComparer.Ordinal));
        Assert.All(calls, call =>
        {
            var template = routes.Single(each => each.Method == call.Method && each.Route.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal) == call.Path).Route.RoutePattern.RawText!;
            Assert.True(new TemplateMatcher(TemplateParser.Parse(template), []).TryMatch(call.Example.Split('?')[0], []), call.Example);
            if (template.Contains(":guid", StringComparison.Ordinal)) Assert.Contains(call.Example.Split('/'), part => Guid.TryParse(part, out _));
        });
    }

    private static bool IsScoped(RouteEndpoint route) => route.RoutePattern.Parameters.Any(parameter => parameter.Name.Equals("Workspace", StringComparison.OrdinalIgnoreCase));

    private static bool IsOpenToAll(RouteEndpoint route) => route.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static bool IsFile(string path) => Path.HasExtension(path) || path.Contains("{**", StringComparison.Ordinal);

    private static string AddressOf(RouteEndpoint route, string workspace) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart { Name: "Workspace" } => workspace,
        RoutePatternParameterPart parameter when parameter.ParameterPolicies.Any(policy => policy.Content == "guid") => Guid.Empty.ToString(),
        _ => "1",
    }))));

    private IEnumerable<RouteEndpoint> Routes() => web.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
}
