// Values of earlier answers in later tabs. They live in this page's memory: a reload forgets them.

const ANSWERS_KEPT = 50;

/** A variable of this form stands for the value at that path of an earlier answer. */
const REFERENCE = /^<answer ([A-Za-z0-9_.]+)>$/;
/** A variable of this form is one that only the person in front of the page knows. */
const BLANK = /^<fill in: ?(.*)>$/;

const valueAt = (data, path) => path.split(".").reduce((value, key) => value?.[key], data);

/** The data of the latest answers, newest first. */
export class Answers {
  #tabs;
  #answers = [];

  constructor(tabs) {
    this.#tabs = tabs;
  }

  keep(data) {
    this.#answers.unshift(data);
    this.#answers.splice(ANSWERS_KEPT);
  }

  /** The variables with every reference replaced; or `refusal`, where something is missing. */
  filled(variables) {
    const missing = [];
    const values = this.#filled(variables, "variables", missing);
    return missing.length > 0 ? { refusal: missing[0] } : { values };
  }

  #filled(value, at, missing) {
    if (typeof value === "string") return this.#text(value, at, missing);
    if (Array.isArray(value)) return value.map((item, index) => this.#filled(item, `${at}.${index}`, missing));
    if (value !== null && typeof value === "object") {
      const entries = Object.entries(value);
      return Object.fromEntries(entries.map(([name, item]) => [name, this.#filled(item, `${at}.${name}`, missing)]));
    }
    return value;
  }

  #text(value, at, missing) {
    const blank = BLANK.exec(value);
    if (blank !== null) missing.push(`Fill in ${at} first: ${blank[1]}.`);
    const path = REFERENCE.exec(value)?.[1];
    if (path === undefined) return value;
    const found = this.#latest(path);
    if (found === undefined) missing.push(this.#whatToRunFirst(path));
    return found;
  }

  /** The value at that path of the latest answer that has it. */
  #latest(path) {
    return this.#answers.map((data) => valueAt(data, path)).find((value) => value !== undefined && value !== null);
  }

  /** Says which tab answers what is missing. */
  #whatToRunFirst(path) {
    const field = path.split(".")[0];
    const tab = this.#tabs.find(({ query }) => new RegExp(`\\b${field}\\b`).test(query));
    const first = tab ? `Run the tab «${tab.title}» first` : `Run an operation that selects ${field} first`;
    return `${first}: the variable "<answer ${path}>" takes its value from that answer, and there is none yet.`;
  }
}
