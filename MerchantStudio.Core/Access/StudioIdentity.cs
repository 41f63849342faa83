using System.Collections.Frozen;
using MerchantStudio.Core.AppState;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Access;

/// <summary>How accounts are kept: long passwords without rules of composition, five tries, a slow hash.</summary>
public static class StudioIdentity
{
    public const int ShortestPassword = 12;
    public const int LongestPassword = 128;

    internal static IServiceCollection AddStudioIdentity(this IServiceCollection services)
    {
        services.AddIdentityCore<StudioUser>(options =>
        {
            options.User.RequireUniqueEmail = true;
            options.Password.RequiredLength = ShortestPassword;
            options.Password.RequiredUniqueChars = 1;
            options.Password.RequireDigit = false;
            options.Password.RequireLowercase = false;
            options.Password.RequireUppercase = false;
            options.Password.RequireNonAlphanumeric = false;
            options.Lockout.MaxFailedAccessAttempts = 5;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            options.Lockout.AllowedForNewUsers = true;
        }).AddEntityFrameworkStores<StudioDb>().AddPasswordValidator<GuessablePasswords>();
        // PBKDF2 with HMAC-SHA512, at the count that OWASP asks for.
        return services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
    }

    /// <summary>Refuses passwords that are too long to hash cheaply or that every guesser tries first.</summary>
    private sealed class GuessablePasswords : IPasswordValidator<StudioUser>
    {
        private const int FewestDifferentLetters = 5;

        private static readonly FrozenSet<string> TriedFirst = FrozenSet.ToFrozenSet(
            [
                "123456789012", "1234567890123", "12345678901234", "123456789123", "1234567891011", "0123456789012", "012345678910", "qwertyuiop12", "qwertyuiop123",
                "qwertyuiopasdf", "qwertyuiop[]", "asdfghjkl123", "1qaz2wsx3edc", "1q2w3e4r5t6y", "q1w2e3r4t5y6", "zaq12wsxcde3", "password1234", "password12345",
                "passwordpassword", "password123!", "p@ssw0rd1234", "passw0rd1234", "iloveyou1234", "iloveyouforever", "welcome12345", "letmein12345", "adminadmin12",
                "administrator", "administrator1", "changeme1234", "changemeplease", "merchantstudio", "merchantstudio1", "trustno1trustno1", "football1234", "abcdefghijkl",
                "abcdefghijklm", "abcd1234abcd", "abc123abc123", "woaini1314520", "woaini5201314", "5201314woaini", "qq123456789012", "a123456789012", "aa123456789012",
            ],
            StringComparer.OrdinalIgnoreCase);

        public Task<IdentityResult> ValidateAsync(UserManager<StudioUser> manager, StudioUser user, string? password)
        {
            ArgumentNullException.ThrowIfNull(user);
            var text = password ?? "";
            if (text.Length > LongestPassword) return Task.FromResult(IdentityResult.Failed(new IdentityError { Code = nameof(PasswordTooLong) }));
            var ownName = user.Email?.Split('@')[0] is { Length: >= 4 } name && text.Contains(name, StringComparison.OrdinalIgnoreCase) && text.Length - name.Length < 6;
            var guessable = ownName || TriedFirst.Contains(text) || text.Distinct().Count() < FewestDifferentLetters;
            return Task.FromResult(guessable ? IdentityResult.Failed(new IdentityError { Code = nameof(PasswordGuessable) }) : IdentityResult.Success);
        }
    }
}
