// Where the page keeps what somebody typed: in the session of this browser tab. A reload finds it again, and so does a tab
// that begins as a copy of this one; a tab that is opened by itself does not. Closing a tab ends its own. Answers are kept
// nowhere.

const OURS = "holdergraph:";
const SERVED = `${OURS}served`;

/** The session's storage; where the browser allows none, the page's memory, which a reload ends too. */
function sessionItems() {
  try {
    const items = window.sessionStorage;
    items.setItem(`${OURS}tried`, "");
    items.removeItem(`${OURS}tried`);
    return items;
  } catch {
    const items = new Map();
    return {
      get length() {
        return items.size;
      },
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
      clear: () => items.clear(),
    };
  }
}

/**
 * Opens the store. Where the server gives other headers than when the session began (a sandbox that was started over
 * has other tokens), the old session would only be refused: it is forgotten.
 */
export function openStore(tabs) {
  const items = sessionItems();
  const served = JSON.stringify(tabs.map(({ headers }) => headers));
  if (items.getItem(SERVED) !== served) items.clear();
  items.setItem(SERVED, served);
  let over = false;
  return {
    /** For GraphiQL, which also writes a moment after a change: not any more when the session is over. */
    graphiql: {
      get length() {
        return items.length;
      },
      getItem: (key) => items.getItem(key),
      setItem: (key, value) => void (over || items.setItem(key, value)),
      removeItem: (key) => items.removeItem(key),
      clear: () => items.clear(),
    },
    /**
     * GraphiQL fills its editors from here, and looks for the open tab by what is in them. Where there is nothing yet, it
     * would open the first tab without its variables.
     */
    openAt(first) {
      const { tabs, activeTabIndex } = JSON.parse(items.getItem("graphiql:tabState") ?? "{}");
      const { query, variables, headers } = tabs?.[activeTabIndex] ?? first ?? {};
      for (const [name, text] of Object.entries({ query, variables, headers })) items.setItem(`graphiql:${name}`, text ?? "");
    },
    read: (name) => items.getItem(OURS + name) ?? "",
    write: (name, value) => (value === "" ? items.removeItem(OURS + name) : items.setItem(OURS + name, value)),
    /** Forgets everything and begins anew, with fresh tabs. */
    startOver() {
      over = true;
      items.clear();
      window.location.reload();
    },
  };
}
