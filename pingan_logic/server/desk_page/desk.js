"use strict";
(() => {
  const told = JSON.parse(document.getElementById("d-told").textContent);
  const words = told.words, at = id => document.getElementById("d-" + id);
  const status = at("status"), found = at("found"), answer = at("answer"), report = at("report");
  let token = "", key = "", name = "", asked = 0;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, k) => k in values ? values[k] : all);
  const make = (tag, cls, text) => {
    const e = document.createElement(tag);
    if (cls) e.className = cls;
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const button = (text, act) => {
    const b = make("button", "", text);
    b.type = "button";
    b.addEventListener("click", act);
    return b;
  };
  const say = (text, busy) => { status.textContent = text; status.classList.toggle("busy", !!busy); };

  // ---- asking the service: with the token, and with its own words when it refuses ----
  class Refused extends Error {}
  async function ask(path, options = {}) {
    const url = new URL(path, location.href);
    if (path !== "/desk/given") url.searchParams.set("lang", told.lang);
    const headers = { ...options.headers, ...(token ? { authorization: "Bearer " + token } : {}) };
    let response;
    try { response = await fetch(url, { ...options, headers, cache: "no-store" }); }
    catch { throw new Refused(words.offline); }
    if (response.ok) return response;
    if (response.status === 401) at("token").hidden = false;
    let detail = "";
    try { const p = await response.json(); detail = p.detail || p.title; } catch { /* no words */ }
    if (response.status === 410) forget();
    throw new Refused(detail || words.failed);
  }
  async function doing(text, work) {
    const mine = ++asked;
    say(text, true);
    try {
      const done = await work();
      if (mine === asked) say(typeof done === "string" ? done : "");
    } catch (error) {
      if (!(error instanceof Refused)) console.error(error);
      if (mine === asked) say(words.failed + (told.lang === "en" ? ": " : "：") + (error instanceof Refused ? error.message : ""));
    }
  }
  const post = (path, body) => ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const year = () => at("year").value ? +at("year").value : null;
  const data = file => "/desk/data/" + key + "/" + file;

  function download(file, saved, query = "") {
    return doing(words.working, async () => {
      const content = await (await ask(data(file) + query)).blob();
      save(content, saved);
      return fill(words.saved, { name: saved });
    });
  }
  function save(content, saved) {
    const a = document.createElement("a");
    a.href = URL.createObjectURL(content);
    a.download = saved;
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 60000);
  }

  // ---- one: a file ----
  const TABLE = new Uint32Array(256).map((_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n; });
  const crc = bytes => { let c = ~0; for (const b of bytes) c = TABLE[(c ^ b) & 255] ^ (c >>> 8); return ~c >>> 0; };
  async function zipped(files) { // several files go as one, not compressed
    const parts = [], list = [];
    let offset = 0;
    for (const file of files) {
      const bytes = new Uint8Array(await file.arrayBuffer()), called = new TextEncoder().encode(file.name);
      const head = new DataView(new ArrayBuffer(26));
      head.setUint16(0, 20, true); head.setUint16(2, 0x800, true);
      head.setUint32(10, crc(bytes), true); head.setUint32(14, bytes.length, true); head.setUint32(18, bytes.length, true);
      head.setUint16(22, called.length, true);
      parts.push(new Uint8Array([80, 75, 3, 4]), head.buffer, called, bytes);
      const tail = new DataView(new ArrayBuffer(46));
      tail.setUint32(0, 0x02014b50, true); tail.setUint16(4, 20, true);
      new Uint8Array(tail.buffer).set(new Uint8Array(head.buffer), 6);
      tail.setUint16(32, 0, true); tail.setUint32(42, offset, true);
      list.push(tail.buffer, called);
      offset += 30 + called.length + bytes.length;
    }
    const size = list.reduce((n, p) => n + p.byteLength, 0), end = new DataView(new ArrayBuffer(22));
    end.setUint32(0, 0x06054b50, true); end.setUint16(8, files.length, true); end.setUint16(10, files.length, true);
    end.setUint32(12, size, true); end.setUint32(16, offset, true);
    return new Blob([...parts, ...list, end.buffer]);
  }
  async function choose(files) {
    if (!files.length) return;
    await drop();
    name = files.length === 1 ? files[0].name : files[0].name.replace(/\.[^.]*$/, "") + ".zip";
    clear();
    await doing(fill(words.opening, { name: files.length === 1 ? name : [...files].map(f => f.name).join(", ") }), async () => {
      const body = files.length === 1 ? files[0] : await zipped(files);
      const path = "/desk/data?name=" + encodeURIComponent(name);
      const document_ = await (await ask(path, { method: "POST", headers: { "content-type": "application/octet-stream" }, body })).json();
      key = document_.data;
      show(document_);
      if (document_.ok) { await open(document_.years, document_.year); return; }
      at("check").focus();
    });
  }
  const file = at("file"), area = at("drop");
  file.addEventListener("change", async () => { await choose([...file.files]); file.value = ""; });
  for (const kind of ["dragenter", "dragover"]) document.addEventListener(kind, e => { e.preventDefault(); area.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) document.addEventListener(kind, e => { e.preventDefault(); area.classList.remove("over"); });
  document.addEventListener("drop", e => choose([...e.dataTransfer.files]));
  at("template").addEventListener("click", () => doing(words.working, async () => {
    save(await (await ask("/desk/template.xlsx")).blob(), words.f_template);
    return fill(words.saved, { name: words.f_template });
  }));
  at("token-form").addEventListener("submit", e => {
    e.preventDefault();
    token = at("token-input").value.trim();
    at("token").hidden = true;
    say("");
  });
  if (told.served) {
    const served = at("served");
    served.hidden = false;
    served.textContent = fill(words.use_served, { name: told.served });
    served.addEventListener("click", async () => {
      await drop();
      clear();
      key = "served"; name = told.served;
      await doing(words.working, () => open([], null));
    });
  }

  // ---- two: what was found ----
  function clear() {
    for (const id of ["check", "result"]) at(id).hidden = true;
    found.replaceChildren(); answer.replaceChildren(); report.replaceChildren();
  }
  function show(d) {
    const parts = [];
    const n = d.problems.length + d.more_problems;
    parts.push(make("p", d.ok ? "d-good" : "d-bad", fill(d.ok ? words.good : words.bad, { name, n })));
    if (!d.ok) {
      parts.push(make("p", "note", words.mend));
      const row = make("p", "d-row");
      row.append(button(words.marked, () => download("marked.xlsx", words.f_marked)),
        button(words.fixed, () => download("fixed.xlsx", words.f_fixed)),
        button(words.again, () => file.click()));
      parts.push(row);
      const table = make("table"), head = make("tr"), body = make("tbody"), top = make("thead");
      for (const text of [words.where, words.what]) { const th = make("th", "", text); th.scope = "col"; head.append(th); }
      top.append(head);
      for (const c of d.causes) {
        const tr = make("tr");
        tr.append(make("td", "", c.where), make("td", "", c.what));
        body.append(tr);
      }
      table.append(top, body);
      const wide = make("div", "wide");
      wide.tabIndex = 0;
      wide.setAttribute("role", "region");
      wide.setAttribute("aria-label", words.what);
      wide.append(table);
      parts.push(wide);
      if (d.more_problems) parts.push(make("p", "note", fill(words.more, { n: d.more_problems })));
    } else {
      const list = make("ul");
      for (const t of d.tables) {
        const kinds = t.kinds.map(([kind, n]) => fill(words.kind_rows, { kind, n })).join(told.lang === "en" ? ", " : "、");
        list.append(make("li", "", fill(words.rows, { table: t.table, n: t.rows }) + (kinds ? (told.lang === "en" ? " (" + kinds + ")" : "（" + kinds + "）") : "")));
      }
      parts.push(list);
    }
    if (d.said.length) {
      const box = make("details"), list = make("ul");
      box.open = d.said.length < 6;
      box.append(make("summary", "", words.said), list);
      for (const line of d.said) list.append(make("li", "", line));
      parts.push(box);
    }
    found.replaceChildren(...parts);
    at("check").hidden = false;
  }

  // ---- three: verdicts ----
  async function open(years, current) {
    const box = at("year");
    box.replaceChildren(...[...years].reverse().map(y => { const o = make("option", "", y); o.value = y; return o; }));
    box.parentNode.hidden = !years.length;
    if (current) box.value = current;
    const query = () => year() ? "?year=" + year() : "";
    const files = [["report.html", "d_html", "f_html"], ["report.xlsx", "d_xlsx", "f_xlsx"], ["report.docx", "d_docx", "f_docx"], ["certificate.jsonl", "d_cert", "f_cert"]];
    at("files").replaceChildren(...files.map(([f, label, saved]) => button(words[label], () => download(f, words[saved], query()))));
    at("result").hidden = false;
    await judged();
  }
  async function judged() {
    const text = await (await ask(data("report.html") + (year() ? "?year=" + year() : ""))).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    const head = make("section"), lines = [...page.querySelectorAll("header p")].map(p => make("p", p.className || "note", p.textContent));
    head.append(make("p", "d-head", page.querySelector("header h1").textContent), ...lines);
    const sections = [...page.querySelectorAll("main > section")].map(s => document.importNode(s, true));
    const held = make("script");
    held.type = "application/json";
    held.id = "data";
    held.textContent = page.getElementById("data").textContent;
    const script = make("script");
    script.textContent = told.script;
    report.replaceChildren(head, ...sections, held);
    report.append(script);
    at("result").focus();
  }
  at("year").addEventListener("change", () => { answer.replaceChildren(); doing(words.working, judged); });
  function put(place, title, text) {
    const box = make("div", "d-text"), head = make("h3", "", title);
    box.tabIndex = -1;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", title);
    head.append(button(words.close, () => box.remove()));
    box.append(head, make("pre", "", text));
    place.replaceChildren(box);
    box.focus();
    box.scrollIntoView({ block: "nearest" });
  }
  const question = (place, title, path, body) => doing(words.working, async () => {
    put(place, title, (await (await post(data(path), { ...body, ...(year() ? { year: year() } : {}) })).json()).text);
  });
  at("programme").addEventListener("click", () => question(answer, words.programme, "programme", {}));
  document.addEventListener("unit", event => { // the report shows a unit
    if (!key) return;
    const detail = document.getElementById("detail"), tools = make("div", "d-tools"), place = make("div");
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", words.unit_ask);
    for (const what of ["explain", "fix", "margin", "missing"])
      tools.append(button(words["a_" + what], () => question(place, words["a_" + what], what, { unit: event.detail })));
    detail.append(tools, place);
  });
  const setting = at("setting"), value = at("value"), choice = at("choice");
  told.settings.forEach((s, n) => { const o = make("option", "", s.label); o.value = n; setting.append(o); });
  function chosen() {
    const s = told.settings[setting.value];
    value.hidden = !!s.values;
    choice.hidden = !s.values;
    value.value = s.value;
    choice.replaceChildren(...(s.values || []).map(([v, said]) => { const o = make("option", "", said); o.value = v; return o; }));
    if (s.values) choice.value = s.value;
  }
  setting.addEventListener("change", chosen);
  chosen();
  at("try").addEventListener("submit", event => {
    event.preventDefault();
    const s = told.settings[setting.value], v = s.values ? choice.value : value.value.replace(/\s/g, "").replace("％", "%");
    question(answer, words.whatif, "whatif", { set: [s.setting + "=" + v] });
  });
  at("each").addEventListener("click", () => question(answer, words.each, "switches", {}));

  if (told.given) doing(fill(words.opening, { name: told.given }), async () => {
    const content = await (await ask("/desk/given")).blob();
    choose([new File([content], told.given)]);
  });

  // ---- leaving: nothing stays behind ----
  function forget() { key = ""; clear(); }
  function drop() {
    if (!key || key === "served") { key = ""; return Promise.resolve(); }
    const path = "/desk/data/" + key;
    key = "";
    return ask(path, { method: "DELETE", keepalive: true }).catch(() => {});
  }
  at("leave").addEventListener("click", async () => { await drop(); clear(); say(words.left); at("choose").scrollIntoView(); });
  window.addEventListener("pagehide", drop);
  window.addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
  setInterval(() => { if (key && key !== "served") ask("/desk/data/" + key).catch(error => say(error.message)); }, 240000);
})();
