// For whom the page asks: the token and the organization that are typed above GraphiQL, and those of the open tab.

const TOKEN = "Authorization";
const ORGANIZATION = "X-Organization-Id";

/** What stands in a tab's headers for what is typed above. */
const STUBS = { "Bearer <token>": TOKEN, "<organization>": ORGANIZATION };

const FULL = "this browser tab keeps no more, and a reload loses what came last: Start over makes room";

export class Session {
  /** Called with `{ typed }` when operations are sent with other headers from now on. */
  onChange = () => {};
  #store;
  #form = document.getElementById("session-form");
  #note = document.getElementById("session-note");
  #details = document.getElementById("session");
  /** The open tab's own headers; undefined where what is typed is no JSON object. */
  #own;
  /** What the schema was asked for with, and whether it came. */
  #asked;
  #hasSchema = false;
  /** Whether to ask even without a token: a server that wants none has been told so by a press of the button. */
  #insists = false;
  #trouble = "";

  constructor(store, tabs) {
    this.#store = store;
    this.#own = parsed(tabs[0]?.headers);
    const { token, organization } = this.#form.elements;
    [token.value, organization.value] = [store.read("token"), store.read("organization")];
    this.#insists = store.read("insists") === "yes";
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#use(token.value, organization.value);
    });
    document.getElementById("start-over").addEventListener("click", () => store.startOver());
    store.onFull = () => this.#tell();
    this.#details.open = !this.mayAsk();
    this.#tell();
  }

  /** The headers to send: the tab's own, with what is typed above where the tab leaves it open. */
  headers(own) {
    const sent = {};
    for (const [name, value] of Object.entries({ ...stubsBeside(own), ...own })) {
      const typed = STUBS[value] === undefined ? String(value) : this.#typed()[STUBS[value]];
      if (typed !== "") sent[name] = typed;
    }
    return sent;
  }

  /** Whether it makes sense to ask for anything yet. */
  mayAsk(own = this.#own) {
    return this.#insists || value(this.headers(own), TOKEN) !== undefined;
  }

  /** Shows for whom the open tab asks; headers that were typed into it may be those that the schema needs. */
  show(text) {
    this.#own = parsed(text);
    this.#tell();
    const isNew = JSON.stringify(this.headers(this.#own)) !== this.#asked;
    if (isNew && !this.#hasSchema && this.#own !== undefined && this.mayAsk()) this.onChange({ typed: true });
  }

  /** The schema was asked for by a tab with these headers of its own; `trouble` says why it did not come. */
  schemaAnswered(own, trouble) {
    this.#own = own ?? {};
    this.#asked = JSON.stringify(this.headers(this.#own));
    this.#hasSchema = trouble === "";
    this.#trouble = trouble;
    this.#tell();
  }

  #use(token, organization) {
    const { elements } = this.#form;
    elements.token.value = token.trim().replace(/^Bearer\s+/i, "");
    elements.organization.value = organization.trim();
    this.#insists = elements.token.value === "";
    this.#store.write("token", elements.token.value);
    this.#store.write("organization", elements.organization.value);
    this.#store.write("insists", this.#insists ? "yes" : "");
    this.#tell();
    this.onChange({ typed: false });
  }

  #typed() {
    const token = this.#store.read("token");
    return { [TOKEN]: token === "" ? "" : `Bearer ${token}`, [ORGANIZATION]: this.#store.read("organization") };
  }

  #tell() {
    const sent = this.headers(this.#own);
    const organization = value(sent, ORGANIZATION);
    const parts = [
      this.#own === undefined ? "The headers of this tab are no JSON object" : subject(value(sent, TOKEN)),
      organization === undefined ? "no organization yet" : `organization ${organization}`,
      this.#trouble,
      this.#store.isFull() ? FULL : "",
    ];
    this.#note.textContent = parts.filter((part) => part !== "").join(" · ");
  }
}

/** What a tab does not name at all is taken from above too. */
function stubsBeside(own = {}) {
  const left = Object.entries(STUBS).filter(([, name]) => value(own, name) === undefined);
  return Object.fromEntries(left.map(([stub, name]) => [name, stub]));
}

/** A header's value, whatever the case of its name. */
function value(headers, name) {
  return Object.entries(headers).find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];
}

/** The object that the text of a headers editor is; undefined where it is none. */
function parsed(text) {
  if ((text ?? "").trim() === "") return {};
  try {
    const headers = JSON.parse(text);
    return headers !== null && typeof headers === "object" && !Array.isArray(headers) ? headers : undefined;
  } catch {
    return undefined;
  }
}

/** Whom a token is of and until when, as it says itself: only the server can prove it. */
function subject(authorization) {
  if (authorization === undefined) return "No token yet: paste yours here, and the documentation loads";
  try {
    const payload = authorization.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (character) => character.codePointAt(0));
    const { owner, sub, exp } = JSON.parse(new TextDecoder().decode(bytes));
    const until = typeof exp === "number" ? ` until ${new Date(exp * 1000).toLocaleString()}` : "";
    const named = [owner, sub].filter((part) => typeof part === "string").join("/");
    return `${named || "a token without a subject"}${until}`;
  } catch {
    return "a token that is not readable here";
  }
}
