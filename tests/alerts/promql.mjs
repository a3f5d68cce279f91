// What an expression of PromQL asks for: the names of metrics, with the labels that it compares, and the labels that it
// groups by. promtool has parsed it already, so that this reads words and no grammar.

const WORD = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const MATCHER = /([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g;
const GROUPINGS = new Set(["by", "without", "on", "ignoring", "group_left", "group_right"]);
const OPERATORS = new Set(["and", "or", "unless", "offset", "bool", "atan2"]);
// Of these, what is in the brackets must be able to grow only.
const OF_COUNTERS = new Set(["rate", "irate", "increase"]);

/** `selectors` ({name, matchers, counts}: `counts` where a rate is taken of it) and `groups`, the labels of all groupings. */
export function read(expression) {
  const selectors = [];
  const groups = new Set();
  // What stands around the place that is read: the functions whose parentheses are open there.
  const open = [];
  let last = "";
  let at = 0;
  const skipTo = (end) => {
    const from = at;
    at = expression.indexOf(end, at);
    if (at < 0) throw new Error(`no ${end} behind place ${from} of ${expression}`);
    at += end.length;
    return expression.slice(from + 1, at - 1);
  };
  while (at < expression.length) {
    const character = expression[at];
    WORD.lastIndex = at;
    const word = WORD.exec(expression)?.[0];
    if (character === "{") throw new Error(`a selector without a name at place ${at} of ${expression}`);
    else if (character === "[") skipTo("]");
    else if (/[0-9]/.test(character)) at += /^[0-9.]+([a-z]+|e[+-]?[0-9]+)?/.exec(expression.slice(at))[0].length;
    else if (character === "(") {
      open.push(last);
      last = "";
      at += 1;
    } else if (character === ")") {
      open.pop();
      last = "";
      at += 1;
    } else if (word === undefined) {
      last = "";
      at += character === '"' ? expression.slice(at + 1).indexOf('"') + 2 : 1;
    } else {
      at += word.length;
      const rest = /^\s*/.exec(expression.slice(at))[0].length;
      const next = expression[at + rest];
      if (GROUPINGS.has(word) && next === "(") {
        at += rest;
        skipTo(")").split(",").map((label) => label.trim()).filter(Boolean).forEach((label) => groups.add(label));
      } else if (OPERATORS.has(word)) last = "";
      else if (next === "(") last = word;
      // "sum by (…) (…)": the aggregation's name stands before its grouping.
      else if (/^\s*(by|without)\b/.test(expression.slice(at))) last = word;
      else {
        let matchers = [];
        if (next === "{") {
          at += rest;
          matchers = [...skipTo("}").matchAll(MATCHER)].map(([, label, operator, value]) => ({ label, operator, value }));
        }
        selectors.push({ name: word, matchers, counts: OF_COUNTERS.has(open.at(-1)) });
        last = "";
      }
    }
  }
  return { selectors, groups: [...groups] };
}
