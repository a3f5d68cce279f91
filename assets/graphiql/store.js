// Where the page keeps what somebody typed: in the session of this browser tab. A reload finds it again, and so does a tab
// that begins as a copy of this one; a tab that is opened by itself does not. Closing a tab ends its own. Answers are kept
// nowhere.

const OURS = "holdergraph:";
const SERVED = `${OURS}served`;

/** The session's storage; where the browser allows none, the page's memory, which a reload ends too. */
function sessionItems() {
  try {
    const items = window.sessionStorage;
    // Something is kept already: it is allowed, though there may be no room left to try it.
    if (items.length > 0) return items;
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
  /** What found no room: it holds until the page is loaded again, and the page says so. */
  const unkept = new Map();
  let isFull = false;
  const get = (key) => unkept.get(key) ?? items.getItem(key);
  const remove = (key) => {
    unkept.delete(key);
    items.removeItem(key);
  };
  const set = (key, value) => {
    try {
      items.setItem(key, value);
      unkept.delete(key);
    } catch {
      unkept.set(key, value);
      isFull = true;
      store.onFull();
    }
  };
  let over = false;
  const store = {
    /** Called when something found no room. */
    onFull: () => {},
    isFull: () => isFull,
    /** For GraphiQL, which also writes a moment after a change: not any more when the session is over. */
    graphiql: {
      get length() {
        return items.length;
      },
      getItem: get,
      setItem: (key, value) => void (over || set(key, value)),
      removeItem: remove,
      clear() {
        unkept.clear();
        items.clear();
      },
    },
    /**
     * GraphiQL fills its editors from here, and looks for the open tab by what is in them. Where there is nothing yet, it
     * would open the first tab without its variables.
     */
    openAt(first) {
      const { tabs, activeTabIndex } = JSON.parse(get("graphiql:tabState") ?? "{}");
      const { query, variables, headers } = tabs?.[activeTabIndex] ?? first ?? {};
      for (const [name, text] of Object.entries({ query, variables, headers })) set(`graphiql:${name}`, text ?? "");
    },
    read: (name) => get(OURS + name) ?? "",
    write: (name, value) => (value === "" ? remove(OURS + name) : set(OURS + name, value)),
    /** Forgets everything and begins anew, with fresh tabs. */
    startOver() {
      over = true;
      items.clear();
      window.location.reload();
    },
  };
  set(SERVED, served);
  return store;
}
