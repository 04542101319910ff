"use strict";
// Steps through a counterexample. Everything that comes from its names is set
// as text, never as markup. k is how many steps have been taken: the state
// shown is the one after them.
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const ROW = 26, HEAD = 28, AROUND = 12; // pixels, pixels, rows beyond the window
  const FEW = 12; // states that can be seen at once; of more, what has moved comes first

  const text = (i) => (i < 0 ? "" : data.texts[i]);
  const make = (tag, words, cls) => {
    const e = document.createElement(tag);
    if (words !== undefined) e.textContent = words;
    if (cls) e.className = cls;
    return e;
  };
  const button = (words, name, act) => {
    const b = make("button", words);
    b.type = "button";
    if (name) b.setAttribute("aria-label", name);
    b.addEventListener("click", act);
    return b;
  };

  let at = 0, side, k = 0, view = "lanes", taus = data.revealTaus;
  let steps = []; // the indices of those shown
  let stops = []; // the values of k that stepping comes to, ascending

  // prepare works out what the views of a behaviour need more than once.
  const prepared = [];
  function prepare(i) {
    if (prepared[i]) return prepared[i];
    const s = data.sides[i];
    s.moves = s.components.map(() => false);
    const length = (words) => [...words].reduce((n, c) => n + (c > "\u02ff" ? 2 : 1), 0); // wide signs, at worst
    s.wide = s.components.map((c) => length(c.name));
    s.widest = 5; // of the events
    s.when = s.components.map(() => []); // after how many steps a state was new
    s.what = s.components.map(() => []);
    s.steps.forEach((t, j) => {
      s.widest = Math.max(s.widest, length(text(t.e)));
      for (const [c, words, , after] of t.p || []) {
        s.moves[c] = true;
        s.wide[c] = Math.max(s.wide[c], length(text(words)));
        if (after >= 0) { s.when[c].push(j + 1); s.what[c].push(after); }
      }
    });
    s.order = s.components.map((_, c) => c);
    s.shown = s.moves.some(Boolean) ? s.moves.slice() : s.components.map(() => true);
    return (prepared[i] = s);
  }

  // stateOf is a component's state after n steps.
  function stateOf(c, n) {
    const when = side.when[c];
    let lo = 0, hi = when.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (when[mid] <= n) lo = mid + 1; else hi = mid;
    }
    return lo ? side.what[c][lo - 1] : side.components[c].start;
  }

  // A windowed table has only the rows and columns in the document that are to be
  // seen. The first two columns always are; the widths of the others are given,
  // in characters, or there is one that is as wide as it needs. fill returns the
  // texts of a row by column, some missing, after those two.
  function windowed(box, count, head, widths, fill) {
    const table = make("table"), cols = make("colgroup"), thead = make("thead"), body = make("tbody", undefined, "window");
    table.setAttribute("aria-rowcount", String(count + 1));
    table.setAttribute("aria-colcount", String(head.length));
    table.append(cols, thead, body);
    const ch = charWidth(box), left = [0]; // where each column begins
    box.replaceChildren(table);
    if (widths) {
      widths.forEach((w, i) => left.push(left[i] + Math.ceil((w + 1) * ch) + 20));
      table.className = "fixed";
      table.style.width = left[left.length - 1] + "px";
      table.style.setProperty("--second", left[1] + "px");
      cols.append(...widths.map((_, i) => {
        const c = make("col");
        c.style.width = left[i + 1] - left[i] + "px";
        return c;
      }));
    }
    const blank = (tr, n) => {
      if (n <= 0) return;
      const d = make("td");
      d.colSpan = n;
      d.setAttribute("aria-hidden", "true");
      tr.append(d);
    };
    const space = (rows) => {
      const t = make("tr", undefined, "space"), d = make("td");
      t.setAttribute("aria-hidden", "true");
      d.colSpan = head.length;
      d.style.height = rows * ROW + "px";
      t.append(d);
      return t;
    };
    const draw = () => {
      const first = Math.max(0, Math.floor(box.scrollTop / ROW) - AROUND);
      const last = Math.min(count, Math.ceil((box.scrollTop + (box.clientHeight || 600)) / ROW) + AROUND);
      let from = 2, to = head.length;
      if (widths) {
        while (from < to - 1 && left[from + 1] < box.scrollLeft) from++;
        while (to > from + 1 && left[to - 1] > box.scrollLeft + (box.clientWidth || 1200)) to--;
      }
      const cells = (tr, cell) => {
        blank(tr, from - 2);
        for (let i = from; i < to; i++) tr.append(cell(i));
        blank(tr, head.length - to);
      };
      const th = (i) => {
        const h = make("th", head[i].name);
        h.scope = "col";
        h.setAttribute("aria-colindex", String(i + 1));
        if (head[i].full) h.title = head[i].full;
        return h;
      };
      const top = make("tr");
      top.setAttribute("aria-rowindex", "1");
      top.append(th(0), th(1));
      cells(top, th);
      thead.replaceChildren(top);
      const rows = [];
      if (first > 0) rows.push(space(first));
      for (let i = first; i < last; i++) {
        const r = make("tr");
        r.setAttribute("aria-rowindex", String(i + 2));
        const words = fill(r, i);
        cells(r, (j) => {
          const d = words[j - 2] ? make("td", words[j - 2]) : make("td", "·", "none");
          d.setAttribute("aria-colindex", String(j + 1));
          return d;
        });
        rows.push(r);
      }
      if (last < count) rows.push(space(count - last));
      body.replaceChildren(...rows);
    };
    let asked = false;
    box.onscroll = () => {
      if (!asked) requestAnimationFrame(() => { asked = false; draw(); });
      asked = true;
    };
    let drawn = false;
    return {
      draw,
      // reveal scrolls to row i, and to the first of some columns if none is seen.
      reveal(i, columns) {
        if (!drawn) draw(); // there is no height to measure before
        drawn = true;
        const top = i * ROW, room = box.clientHeight - HEAD - 2 * ROW;
        if (room > 0 && (top < box.scrollTop + ROW || top > box.scrollTop + room)) box.scrollTop = Math.max(0, top - room / 2);
        if (widths && columns.length && drawn) {
          const begin = box.scrollLeft + left[2], end = box.scrollLeft + box.clientWidth;
          if (!columns.some((j) => left[j] >= begin && left[j + 1] <= end)) box.scrollLeft = left[columns[0]] - left[2];
        }
        draw();
      },
    };
  }

  // charWidth measures the font of tables.
  function charWidth(box) {
    const table = make("table"), d = make("td", "0".repeat(100));
    d.style.padding = "0";
    table.append(d);
    box.replaceChildren(table);
    const wide = d.getBoundingClientRect().width / 100;
    return wide > 0 ? wide : 8;
  }

  let table; // of the view, if it has one
  const number = (i) => (side.loop >= 0 && i >= side.loop ? "↻ " : "") + (i + 1);

  // rowOf fills what the rows of both tables have in common; row 0 is the start.
  function rowOf(r, row) {
    const i = row === 0 ? -1 : steps[row - 1];
    r.dataset.k = String(i + 1);
    if (i + 1 === k) { r.className = "here"; r.setAttribute("aria-current", "step"); }
    else if (i + 1 > k) r.className = "ahead";
    if (side.loop >= 0 && i >= side.loop) r.classList.add("loop");
    r.append(make("td", row === 0 ? "0" : number(i), "number"), make("td", row === 0 ? "start" : text(side.steps[i].e), "event"));
    return i < 0 ? null : side.steps[i];
  }

  function lanesTable() {
    const cols = side.order.filter((c) => side.shown[c]);
    const place = new Map(cols.map((c, i) => [c, i]));
    const head = [{ name: "step" }, { name: "event" }].concat(cols.map((c) => ({ name: side.components[c].name, full: side.components[c].full })));
    const widths = [String(side.steps.length).length + 3, side.widest].concat(cols.map((c) => side.wide[c]));
    return windowed($("lanes"), steps.length + 1, head, widths, (r, row) => {
      const step = rowOf(r, row), cells = [];
      for (const [c, words] of (step && step.p) || []) {
        const j = place.get(c);
        if (j !== undefined) cells[j] = (cells[j] ? cells[j] + ", " : "") + text(words);
      }
      return cells;
    });
  }

  const who = (step, most) => {
    const parts = (step.p || []).map(([c, words]) => side.components[c].name + ": " + text(words));
    const more = parts.length - most;
    return parts.slice(0, more > 1 ? most : parts.length).join(", ") + (more > 1 ? " and " + more + " more" : "");
  };

  function listTable() {
    const head = [{ name: "step" }, { name: "event" }, { name: "who takes part" }];
    return windowed($("list"), steps.length + 1, head, null, (r, row) => {
      const step = rowOf(r, row);
      return [step ? who(step, 8) : "—"];
    });
  }

  function rebuild() {
    side = prepare(at);
    steps = [];
    side.steps.forEach((s, i) => { if (taus || !s.q) steps.push(i); });
    stops = [...new Set([0, ...steps.map((i) => i + 1), side.steps.length])];
    table = view === "lanes" ? lanesTable() : view === "list" ? listTable() : undefined;
    const still = side.components.filter((_, c) => !side.moves[c]).length;
    const hidden = side.components.filter((_, c) => !side.shown[c]).length;
    const silent = side.steps.filter((s) => s.q).length;
    const notes = [];
    if (hidden) notes.push(hidden + (hidden === 1 ? " component is" : " components are") + " hidden; " + still + " never " + (still === 1 ? "moves." : "move."));
    if (silent && !taus) notes.push(silent + (silent === 1 ? " step" : " steps") + " by τ alone, hidden.");
    if (side.loop >= 0) notes.push("↻: steps " + (side.loop + 1) + " to " + side.steps.length + " repeat for ever.");
    $("away").textContent = notes.join(" ");
    show();
  }

  // show shows the state after k steps.
  function show() {
    const n = side.steps.length, step = k > 0 ? side.steps[k - 1] : null;
    $("now").textContent = step ? "Step " + k + " of " + n + ": " + text(step.e) + (step.p ? " — " + who(step, 6) : "") : "Start, before step 1 of " + n;
    $("first").disabled = $("back").disabled = k === 0;
    $("last").disabled = $("next").disabled = k === n;
    $("after").textContent = k === 0 ? "at the start" : "after step " + k;
    states(step);
    roads();
    if (table) {
      let row = 0;
      while (row < steps.length && steps[row] + 1 <= k) row++;
      const cols = view === "lanes" ? side.order.filter((c) => side.shown[c]) : [];
      const moved = ((step && step.p) || []).map((p) => cols.indexOf(p[0]) + 2).filter((j) => j >= 2);
      table.reveal(row, moved.sort((a, b) => a - b));
    }
    document.querySelectorAll(".sequence .step").forEach((g) => {
      const here = at === 0 && k > 0 && g.dataset.step === String(k);
      g.classList.toggle("here", here);
      if (here && view === "sequence") {
        const box = g.closest(".picture"), from = box.scrollLeft; // only up and down
        g.scrollIntoView({ block: "nearest" });
        box.scrollLeft = from;
      }
    });
    const hash = "#step=" + k + (at ? "&side=" + at : "");
    if (location.hash !== hash) history.replaceState(null, "", hash);
  }

  function states(step) {
    const moved = new Map(((step && step.p) || []).map((p) => [p[0], p]));
    let who = side.order.filter((c) => side.shown[c] || moved.has(c) || !side.moves[c]);
    if (who.length > FEW) who = who.filter((c) => moved.has(c)).concat(who.filter((c) => !moved.has(c)));
    const rows = who.map((c) => {
      const r = make("tr"), th = make("th", side.components[c].name), td = make("td");
      th.scope = "row";
      th.title = side.components[c].full;
      const now = stateOf(c, k), before = moved.has(c) ? stateOf(c, k - 1) : now;
      if (moved.has(c)) {
        r.className = "changed";
        th.append(make("span", " moved", "sr"));
        if (before !== now && before >= 0) {
          const old = make("del", text(before));
          old.prepend(make("span", "was: ", "sr"));
          td.append(old);
        }
      }
      td.append(make(before !== now ? "ins" : "span", now < 0 ? "—" : text(now)));
      if (moved.has(c) && moved.get(c)[2] >= 0) td.append(make("small", text(moved.get(c)[1]) + " at " + text(moved.get(c)[2])));
      else if (side.components[c].at >= 0) td.append(make("small", text(side.components[c].at)));
      if (k === side.steps.length && side.components[c].end) td.append(make("span", side.components[c].end, "end"));
      r.append(th, td);
      return r;
    });
    $("states").tBodies[0].replaceChildren(...rows);
  }

  function roads() {
    const n = side.steps.length, out = [];
    const item = (words, cls, target, name) => {
      const li = make("li", words + " ", cls);
      if (target >= 0) li.append(button("go to step " + target, name, () => go(target)));
      out.push(li);
    };
    const some = k < n ? side.steps[k].o : side.final;
    if (k < n) item(text(side.steps[k].e) + " (taken next)", "taken", -1);
    else if (side.loop >= 0) item("it goes on with step " + (side.loop + 1), "taken", side.loop);
    for (const [e, to] of some.r || []) item(text(e), "", to >= 0 && to !== k ? to : -1, "");
    if (some.m) item("and " + some.m + " more, not listed here", "note", -1);
    if (!out.length) item("nothing", "note", -1);
    $("roads").replaceChildren(...out);
  }

  function go(to) {
    k = Math.min(Math.max(0, Math.trunc(to) || 0), side.steps.length);
    show();
  }
  const forward = () => go(stops.find((s) => s > k) ?? k);
  const back = () => go(stops.findLast((s) => s < k) ?? k);

  function components() {
    const list = $("components").querySelector("ul");
    const changed = () => { rebuild(); };
    const items = side.order.map((c) => {
      const li = make("li"), box = make("input"), name = side.components[c].name;
      box.type = "checkbox";
      box.checked = side.shown[c];
      box.addEventListener("change", () => { side.shown[c] = box.checked; changed(); });
      const l = make("label");
      l.append(box, " " + name);
      const move = (by) => (event) => {
        const i = side.order.indexOf(c), j = i + by;
        if (j < 0 || j >= side.order.length) return;
        [side.order[i], side.order[j]] = [side.order[j], side.order[i]];
        if (by < 0) li.previousElementSibling.before(li); else li.nextElementSibling.after(li);
        event.currentTarget.focus();
        changed();
      };
      li.append(l, button("↑", "Move " + name + " to the left", move(-1)), button("↓", "Move " + name + " to the right", move(1)));
      return li;
    });
    list.replaceChildren(...items);
  }
  function showOnly(which) {
    side.shown = side.components.map((_, c) => which(c));
    components();
    rebuild();
  }

  function look(at) {
    view = at;
    for (const b of document.querySelectorAll("#views button")) {
      const on = b.dataset.view === view;
      b.setAttribute("aria-pressed", String(on));
      $("view-" + b.dataset.view).hidden = !on;
    }
    rebuild();
  }

  function fromHash() {
    const h = new URLSearchParams(location.hash.slice(1));
    const s = Number(h.get("side") || 0);
    at = Number.isInteger(s) && s >= 0 && s < data.sides.length ? s : 0;
    if ($("side")) $("side").value = String(at);
    side = prepare(at);
    const n = side.steps.length;
    k = Math.min(Math.max(0, Math.trunc(Number(h.get("step"))) || 0), n);
    components();
    rebuild();
  }

  $("first").addEventListener("click", () => go(0));
  $("back").addEventListener("click", back);
  $("next").addEventListener("click", forward);
  $("last").addEventListener("click", () => go(side.steps.length));
  $("taus").checked = taus;
  $("taus").addEventListener("change", () => { taus = $("taus").checked; rebuild(); });
  $("theme").addEventListener("change", () => {
    if ($("theme").value) document.documentElement.dataset.theme = $("theme").value;
    else delete document.documentElement.dataset.theme;
  });
  if ($("side")) $("side").addEventListener("change", () => { at = Number($("side").value); side = prepare(at); k = 0; components(); rebuild(); });
  $("show-all").addEventListener("click", () => showOnly(() => true));
  $("show-moving").addEventListener("click", () => showOnly((c) => side.moves[c]));
  for (const b of document.querySelectorAll("#views button")) b.addEventListener("click", () => look(b.dataset.view));
  for (const id of ["lanes", "list"]) {
    $(id).addEventListener("click", (event) => {
      const row = event.target.closest("tr[data-k]");
      if (row) go(Number(row.dataset.k));
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("select")) return;
    const inTable = event.target.closest("#lanes, #list");
    const act = {
      ArrowLeft: event.shiftKey ? inTable && (() => { inTable.scrollLeft -= 120; }) : back,
      ArrowRight: event.shiftKey ? inTable && (() => { inTable.scrollLeft += 120; }) : forward,
      ArrowUp: inTable && back, ArrowDown: inTable && forward,
      Home: () => go(0), End: () => go(side.steps.length),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  window.addEventListener("hashchange", fromHash);
  window.addEventListener("resize", () => { if (table) table.draw(); });

  // The diagram shrinks to what there is room for, as long as it can be read.
  for (const s of document.querySelectorAll(".picture .sequence")) s.style.minWidth = 0.75 * s.width.baseVal.value + "px";

  $("app").hidden = false;
  fromHash();
})();
