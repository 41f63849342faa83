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

// Menus and definitions float over everything: inside a table that scrolls they would be cut off, at the window's edge too.
const gap = 6, edge = 8;
const float = (panel, anchor, end) => {
  if (!panel || !anchor) return;
  const at = anchor.getBoundingClientRect();
  panel.style.position = "fixed";
  panel.style.right = "auto";
  panel.style.maxHeight = "";
  const { offsetWidth: width, offsetHeight: height } = panel;
  const left = end ? at.right - width : at.left;
  const below = window.innerHeight - at.bottom - gap - edge;
  const above = at.top - gap - edge;
  const upward = height > below && above > below;
  const room = upward ? above : below;
  if (height > room) panel.style.maxHeight = `${Math.max(room, 120)}px`;
  panel.style.left = `${Math.max(edge, Math.min(left, document.documentElement.clientWidth - width - edge))}px`;
  panel.style.top = `${upward ? at.top - gap - Math.min(height, room) : at.bottom + gap}px`;
};
const floatMenu = panel => float(panel, panel.parentElement.querySelector("button"), panel.classList.contains("end"));
const floatDefinition = event => {
  const tile = event.target.closest?.(".kpi");
  const definition = tile?.querySelector(".definition") ?? event.target.closest?.(".definition");
  if (definition) float(definition.querySelector(".bubble"), tile ?? definition, definition.classList.contains("end"));
};
const floatAgain = () => document.querySelectorAll(".menu-panel").forEach(floatMenu);
document.addEventListener("mouseover", floatDefinition);
document.addEventListener("focusin", floatDefinition);
window.addEventListener("resize", floatAgain);
window.addEventListener("scroll", event => {
  if (!event.target.closest?.(".menu-panel")) floatAgain();
}, true);

// A menu that has just opened takes the focus; when it closes its button has it again.
new MutationObserver(changes => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.nodeType !== 1 || !node.matches(".menu-panel")) continue;
      floatMenu(node);
      (node.querySelector("[aria-checked=true]") ?? node.querySelector(stops))?.focus({ preventScroll: true });
    }
    for (const node of change.removedNodes) {
      if (node.nodeType === 1 && node.matches(".menu-panel") && document.activeElement === document.body) change.target.querySelector?.("button")?.focus();
    }
  }
}).observe(document.body, { childList: true, subtree: true });

// A place for files stands on the page a moment before its circuit listens; a file that comes then is kept in the input and not lost.
document.addEventListener("change", event => {
  if (event.target.matches?.(".drop input[type=file]:not([data-listens])")) event.stopImmediatePropagation();
}, true);
