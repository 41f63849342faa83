// Keyboard habits of the kit: Ctrl K opens the palette, arrow keys move inside menus, tabs and segmented choices.
const stops = "[role^=menuitem]:not(:disabled), [role=radio]:not(:disabled), [role=tab]";

document.addEventListener("keydown", event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const search = document.querySelector("[data-palette]");
    if (search) {
      event.preventDefault();
      search.click();
    }
    return;
  }
  const group = event.target.closest?.("[data-roving]");
  if (!group) return;
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const items = [...group.querySelectorAll(stops)];
  if (step === undefined || items.length === 0) return;
  event.preventDefault();
  const next = items[(items.indexOf(document.activeElement) + step + items.length) % items.length];
  next.focus();
  if (next.getAttribute("role") !== "menuitem" && !next.getAttribute("role").startsWith("menuitem")) next.click();
});

// A menu that has just opened takes the focus; when it closes its button has it again.
new MutationObserver(changes => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.nodeType === 1 && node.matches(".menu-panel")) node.querySelector(stops)?.focus();
    }
    for (const node of change.removedNodes) {
      if (node.nodeType === 1 && node.matches(".menu-panel") && document.activeElement === document.body) change.target.querySelector?.("button")?.focus();
    }
  }
}).observe(document.body, { childList: true, subtree: true });
