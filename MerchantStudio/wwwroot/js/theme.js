// Sets the theme before the first paint and follows the system while the choice is "system".
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const choice = root.dataset.themeChoice;
    root.dataset.theme = choice === "light" || choice === "dark" ? choice : dark.matches ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("studio-theme"));
  };
  dark.addEventListener("change", apply);
  window.studio = {
    theme: () => root.dataset.themeChoice,
    chooseTheme(choice) {
      document.cookie = `studio-theme=${choice};path=/;max-age=31536000;samesite=lax`;
      root.dataset.themeChoice = choice;
      apply();
    },
    // Without a clipboard (a plain http address of another machine) the text is selected, to be copied by hand.
    async copy(id) {
      const field = document.getElementById(id);
      if (field.select) field.select();
      else getSelection().selectAllChildren(field);
      if (!navigator.clipboard) return false;
      try {
        await navigator.clipboard.writeText(field.value ?? field.textContent);
        return true;
      } catch {
        return false;
      }
    },
  };
  apply();
})();
