using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Identity;

namespace MerchantStudio.Core.Access;

public sealed record SetupCodeWrong() : Problem("account.setup-code-wrong", "This is not the code that the console shows. Look there for the line 'Set up your shop' and type its code again.");

public sealed record AlreadySetUp() : Problem("account.already-set-up", "This studio has an owner already. Sign in, or ask the owner for an invitation.");

public sealed record SignInRefused() : Problem("account.sign-in-refused", "E-mail and password do not fit together, or there were too many tries. Try again, or wait five minutes.");

public sealed record PasswordTooShort() : Problem("account.password-too-short", "The password needs {0} characters or more. A few words in a row work well.", StudioIdentity.ShortestPassword);

public sealed record PasswordTooLong() : Problem("account.password-too-long", "The password may have {0} characters at most.", StudioIdentity.LongestPassword);

public sealed record PasswordGuessable() : Problem("account.password-guessable", "This password is one of the first that anybody would try. Choose another one.");

public sealed record EmailInvalid() : Problem("account.email-invalid", "Give an e-mail address, like anna@example.com.");

public sealed record EmailTaken() : Problem("account.email-taken", "There is an account with this e-mail already. Type that account's password to join with it.");

public sealed record PersonNameInvalid() : Problem("account.name-invalid", "Give a name of 1 to 80 characters.");

public sealed record CurrentPasswordWrong() : Problem("account.current-password-wrong", "The current password is not right.");

public sealed record LinkNotValid() : Problem("account.link-not-valid", "This link was used already, withdrawn, or is too old. Ask an owner of the shop for a new one.");

public sealed record MemberNotFound() : Problem("team.member-not-found", "This person is no longer in the team.");

public sealed record LastOwner() : Problem("team.last-owner", "The shop needs an owner. Make somebody else an owner first.");

public sealed record ResetNotYours() : Problem("team.reset-not-yours", "This person also works in a shop that is not yours; a new password would open that one too. Ask an owner of that shop as well, or remove the person here.");

internal static class IdentityProblems
{
    /// <summary>What Identity refused, in our own words.</summary>
    public static Problem ToProblem(this IdentityResult result) => result.Errors.First().Code switch
    {
        "PasswordTooShort" => new PasswordTooShort(),
        nameof(PasswordTooLong) => new PasswordTooLong(),
        nameof(PasswordGuessable) => new PasswordGuessable(),
        "DuplicateUserName" or "DuplicateEmail" => new EmailTaken(),
        "InvalidEmail" or "InvalidUserName" => new EmailInvalid(),
        "PasswordMismatch" => new CurrentPasswordWrong(),
        var code => throw new InvalidOperationException($"Identity refused with {code}."),
    };
}
