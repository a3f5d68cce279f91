// GraphiQL's editors take the Tab key for themselves, so that nobody could go on by the keyboard alone. Esc and then Tab
// leaves an editor, and Esc and then Shift+Tab goes back.

/** Listens before the editors do. */
export function leaveEditorsByEscape() {
  let leaves = false;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Shift") return;
      // The editor never sees this Tab, and the browser moves the focus.
      if (event.key === "Tab" && leaves) event.stopPropagation();
      leaves = event.key === "Escape" && event.target.closest(".CodeMirror") !== null;
    },
    { capture: true },
  );
}
