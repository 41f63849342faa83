export function show(dialog) {
  if (!dialog || dialog.open) return;
  const before = document.activeElement;
  dialog.showModal();
  dialog.querySelector("[data-autofocus]")?.focus();
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => before?.focus?.(), { once: true });
}
