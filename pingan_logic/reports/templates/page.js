"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words, nodes = data.nodes;
  const CHUNK = 100;
  const ID = 0, NAME = 1, KIND = 2, STATUS = 3, PARENT = 4, ANSWER = 5, BELOW = 6, HIDDEN = 7;
  const children = nodes.map(() => []);
  const roots = [], byId = new Map();
  nodes.forEach((n, i) => {
    byId.set(n[ID], i);
    (n[PARENT] < 0 ? roots : children[n[PARENT]]).push(i);
  });
  const tree = document.getElementById("tree"), detail = document.getElementById("detail");
  const results = document.getElementById("results"), found = document.getElementById("found");
  const form = document.getElementById("filter"), query = document.getElementById("q");
  const kindBox = document.getElementById("kind"), browse = document.getElementById("browse");
  const items = new Map();
  let current = -1;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, key) => key in values ? values[key] : all);
  const make = (tag, cls, text) => {
    const e = document.createElement(tag);
    if (cls) e.className = cls;
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const statusId = i => nodes[i][STATUS] < 0 ? "none" : data.statuses[nodes[i][STATUS]];
  const statusWord = i => nodes[i][STATUS] < 0 ? words.unjudged : words[statusId(i)];
  const title = i => (nodes[i][ID] + " " + nodes[i][NAME]).trim();
  const kindName = k => data.kinds[k][1];
  const mark = status => {
    const e = make("span", "mark " + status);
    e.setAttribute("aria-hidden", "true");
    return e;
  };
  const path = i => { const up = []; for (let p = nodes[i][PARENT]; p >= 0; p = nodes[p][PARENT]) up.unshift(p); return up; };
  const link = (i, text) => {
    const b = make("button", "link", text || title(i));
    b.type = "button";
    b.addEventListener("click", () => open(i, true));
    return b;
  };

  // ---- the tree: an item is made when it is first shown ----
  function item(i, level, position, size) {
    const li = make("li", children[i].length || (nodes[i][HIDDEN] || []).length ? "" : "leaf");
    li.setAttribute("role", "treeitem");
    li.setAttribute("aria-level", level);
    li.setAttribute("aria-posinset", position);
    li.setAttribute("aria-setsize", size);
    li.setAttribute("aria-selected", "false");
    li.setAttribute("aria-label", title(i) + words.comma + kindName(nodes[i][KIND]) + words.comma + statusWord(i));
    if (!li.classList.contains("leaf")) li.setAttribute("aria-expanded", "false");
    li.tabIndex = -1;
    li.dataset.node = i;
    const row = make("div", "row");
    row.append(make("span", "twist"), mark(statusId(i)), make("span", "", title(i)),
      make("span", "what", kindName(nodes[i][KIND])));
    li.append(row);
    items.set(i, li);
    return li;
  }
  function append(group, parent, list, level, from) {
    const upto = Math.min(list.length, from + CHUNK);
    for (let n = from; n < upto; n++) group.append(item(list[n], level, n + 1, list.length));
    if (upto < list.length) {
      const li = make("li", "rest");
      li.setAttribute("role", "none");
      const more = make("button", "more", fill(words.show_more, { n: Math.min(CHUNK, list.length - upto), m: list.length - upto }));
      more.type = "button";
      more.addEventListener("click", () => { li.remove(); append(group, parent, list, level, upto); focus(list[upto]); });
      li.append(more);
      group.append(li);
    } else if (parent >= 0) {
      for (const [kind, n] of nodes[parent][HIDDEN] || []) {
        const li = make("li", "rest", fill(words.met_more, { n, measure: data.kinds[kind][2], kind: kindName(kind) }));
        li.setAttribute("role", "none");
        group.append(li);
      }
    }
  }
  function expand(i) {
    const li = items.get(i);
    if (li.classList.contains("leaf")) return;
    let group = li.querySelector(":scope > [role=group]");
    if (!group) {
      group = make("ul");
      group.setAttribute("role", "group");
      append(group, i, children[i], +li.getAttribute("aria-level") + 1, 0);
      li.append(group);
    }
    group.hidden = false;
    li.setAttribute("aria-expanded", "true");
  }
  function collapse(i) {
    const li = items.get(i), group = li.querySelector(":scope > [role=group]");
    if (!group) return;
    group.hidden = true;
    li.setAttribute("aria-expanded", "false");
  }
  const expanded = i => items.get(i).getAttribute("aria-expanded") === "true";
  function focus(i) {
    for (const e of tree.querySelectorAll("[tabindex='0']")) e.tabIndex = -1;
    const li = items.get(i);
    li.tabIndex = 0;
    li.focus({ preventScroll: true });
    li.firstChild.scrollIntoView({ block: "nearest" });
  }
  function reveal(i) {
    for (const p of path(i)) {
      if (!items.has(p)) grow(p);
      expand(p);
    }
    if (!items.has(i)) grow(i);
  }
  function grow(i) { // show chunks until the item is there
    const group = nodes[i][PARENT] < 0 ? tree : items.get(nodes[i][PARENT]).querySelector(":scope > [role=group]");
    for (let more; !items.has(i) && (more = group.querySelector(":scope > .rest > .more"));) more.click();
  }
  function open(i, move) {
    browse.classList.add("used");
    if (active()) { form.reset(); filter(); }
    reveal(i);
    select(i);
    focus(i);
    if (move) browse.querySelector(".panes").scrollIntoView({ block: "start" });
  }
  function select(i) {
    browse.classList.add("used");
    if (current >= 0 && items.has(current)) items.get(current).setAttribute("aria-selected", "false");
    current = i;
    items.get(i).setAttribute("aria-selected", "true");
    show(i);
  }
  const shown = () => [...tree.querySelectorAll("[role=treeitem]")].filter(e => !e.closest("[hidden]"));
  tree.addEventListener("click", event => {
    const row = event.target.closest(".row");
    if (!row) return;
    const i = +row.parentNode.dataset.node;
    if (event.target.classList.contains("twist")) { expanded(i) ? collapse(i) : expand(i); focus(i); return; }
    if (current === i && expanded(i)) collapse(i); else expand(i);
    select(i);
    focus(i);
  });
  tree.addEventListener("keydown", event => {
    const li = event.target.closest("[role=treeitem]");
    if (!li || event.target !== li || event.ctrlKey || event.altKey || event.metaKey) return;
    const i = +li.dataset.node;
    const visible = shown(), at = visible.indexOf(li);
    const go = n => { if (visible[n]) focus(+visible[n].dataset.node); };
    if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(visible.length - 1);
    else if (event.key === "ArrowRight") { if (!expanded(i)) expand(i); else if (children[i].length) go(at + 1); }
    else if (event.key === "ArrowLeft") { if (expanded(i)) collapse(i); else if (nodes[i][PARENT] >= 0) focus(nodes[i][PARENT]); }
    else if (event.key === "Enter" || event.key === " ") select(i);
    else return;
    event.preventDefault();
  });

  // ---- the reasons of one unit ----
  function show(i) {
    const n = nodes[i];
    const close = make("button", "more close", words.close);
    close.type = "button";
    close.addEventListener("click", () => { browse.classList.remove("used"); detail.replaceChildren(make("p", "note", words.choose)); focus(i); });
    const head = make("h3");
    head.append(mark(statusId(i)), title(i) + words.open_bracket + kindName(n[KIND]) + words.close_bracket + words.colon + statusWord(i));
    const parts = [close, head];
    const up = path(i);
    if (up.length) {
      const p = make("p", "path", words.where + words.colon);
      up.forEach((u, k) => { if (k) p.append(" › "); p.append(link(u)); });
      parts.push(p);
    }
    const findings = data.answers[n[ANSWER]] || [];
    const told = findings.slice(1).sort((a, b) => a[1] - b[1]);
    for (const [clause, status, text] of told) {
      const [source, said, members] = data.clauses[clause];
      const box = make("div", "finding " + data.statuses[status]);
      const line = make("p");
      line.append(mark(data.statuses[status]), make("b", "", source), " " + said + words.colon + words[data.statuses[status]]);
      box.append(line, make("p", "", data.texts[text]));
      if (data.statuses[status] !== "met") for (const kind of members) blockers(box, i, kind, status);
      parts.push(box);
    }
    if (findings[0]) parts.push(make("p", "note", fill(words.others_met, { n: findings[0] })));
    if ((n[BELOW] || []).length) parts.push(counts(n[BELOW]));
    detail.replaceChildren(...parts);
    detail.scrollTop = 0;
    document.dispatchEvent(new CustomEvent("unit", { detail: n[ID] }));
  }
  function blockers(box, i, kind, status) {
    const those = [], waiting = [...children[i]];
    while (waiting.length) {
      const c = waiting.pop();
      if (nodes[c][KIND] === kind && nodes[c][STATUS] === status) those.push(c);
      for (const d of children[c]) waiting.push(d);
    }
    if (!those.length) return;
    those.sort((a, b) => a - b);
    const p = make("p", "blockers", fill(words.blockers, { status: words[data.statuses[status]], kind: kindName(kind), n: those.length }) + words.colon);
    box.append(p);
    const more = from => {
      for (const c of those.slice(from, from + 20)) p.append(link(c), " ");
      const left = those.length - from - 20;
      if (left <= 0) return;
      const b = make("button", "link", fill(words.show_more, { n: Math.min(20, left), m: left }));
      b.type = "button";
      b.addEventListener("click", () => { b.remove(); more(from + 20); });
      p.append(b);
    };
    more(0);
  }
  function counts(below) {
    const table = make("table", "counts"), head = make("tr");
    for (const t of [words.inside, words.counted, ...data.statuses.map(s => words[s])]) {
      const th = make("th", head.childElementCount ? "num" : "", t);
      th.scope = "col";
      head.append(th);
    }
    const top = make("thead"), body = make("tbody");
    top.append(head);
    for (const [kind, ...by] of below) {
      const tr = make("tr"), th = make("th", "", kindName(kind));
      th.scope = "row";
      tr.append(th, make("td", "num", by.reduce((a, b) => a + b)), ...by.map(x => make("td", "num", x)));
      body.append(tr);
    }
    table.append(top, body);
    return table;
  }

  // ---- search and filter ----
  const wanted = () => new Set([...form.querySelectorAll("[name=status]:checked")].map(e => data.statuses.indexOf(e.value)));
  const active = () => Boolean(query.value.trim() || kindBox.value || wanted().size);
  function filter() {
    const on = active();
    tree.hidden = on;
    results.hidden = !on;
    if (!on) { found.textContent = ""; results.replaceChildren(); return; }
    browse.classList.add("used");
    const text = query.value.normalize("NFKC").trim().toLowerCase(), statuses = wanted();
    const kind = data.kinds.findIndex(k => k[0] === kindBox.value);
    const hits = [];
    nodes.forEach((n, i) => {
      if (kind >= 0 && n[KIND] !== kind) return;
      if (statuses.size && !statuses.has(n[STATUS])) return;
      if (text && !(n[ID] + " " + n[NAME]).normalize("NFKC").toLowerCase().includes(text)) return;
      hits.push(i);
    });
    if (text) hits.sort((a, b) => (nodes[b][ID].toLowerCase() === text) - (nodes[a][ID].toLowerCase() === text) || a - b);
    found.textContent = !hits.length ? fill(words.no_results, { kinds: data.counted.join(words.list) })
      : fill(hits.length > CHUNK ? words.results_first : words.results, { n: hits.length, m: CHUNK });
    results.replaceChildren(...hits.slice(0, CHUNK).map(i => {
      const li = make("li");
      const up = path(i).slice(1).map(title).join(" › ");
      li.append(mark(statusId(i)), link(i), make("span", "hidden", statusWord(i)),
        make("span", "what", kindName(nodes[i][KIND]) + (up ? words.comma + up : "")));
      return li;
    }));
  }
  let timer = 0;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(filter, 120); });
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", event => { event.preventDefault(); filter(); const first = results.querySelector("button"); if (first) first.focus(); });
  for (const b of document.querySelectorAll("[data-unit]"))
    b.addEventListener("click", () => open(byId.get(b.dataset.unit), true));

  append(tree, -1, roots, 1, 0);
  if (roots.length) { items.get(roots[0]).tabIndex = 0; expand(roots[0]); }
})();
