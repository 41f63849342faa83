// By now the input has its listener: a file that was kept back until then (studio.js) is handed over.
export function listen(input) {
  if (!input) return;
  input.dataset.listens = "";
  if (input.files.length > 0) input.dispatchEvent(new Event("change", { bubbles: true }));
}
