// Sorts and filters the table that is there without it, and shows more than its first rows, which are all that board.css leaves.
// The address keeps all three: #q=…&priority=P1&sort=-Age&rows=all
"use strict";
(() => {
  const form = document.getElementById("filter");
  const table = document.getElementById("causes");
  if (!form || !table) return;
  const more = document.getElementById("more");
  const FIRST = 200; // as many as in board.css
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const names = heads.map((head) => head.textContent);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const state = () => new URLSearchParams(location.hash.slice(1));

  const go = (change, quietly) => {
    const wanted = state();
    for (const [name, value] of Object.entries(change)) {
      if (value) wanted.set(name, value); else wanted.delete(name);
    }
    const address = `#${wanted}`;
    if (address === (location.hash || "#")) return;
    if (quietly) location.replace(address); else location.hash = address;
    show();
  };

  const keyOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent.toLowerCase() : Number(cell.dataset.sort);
  };

  let last = null;
  const show = () => {
    if (location.hash === last) return;
    last = location.hash;
    const wanted = state();
    const words = (wanted.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      const fits = ["priority", "area", "owner", "state"].every((name) => !wanted.get(name) || row.dataset[name] === wanted.get(name));
      row.hidden = !fits || !words.every((word) => texts[place].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    for (const field of form.elements) {
      if (field.name && field.value !== (wanted.get(field.name) || "")) field.value = wanted.get(field.name) || "";
    }
    const sort = wanted.get("sort") || "";
    const down = sort.startsWith("-");
    const column = names.indexOf(down ? sort.slice(1) : sort);
    heads.forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", down ? "descending" : "ascending"); else head.removeAttribute("aria-sort");
    });
    const keys = new Map(rows.map((row) => [row, column < 0 ? 0 : keyOf(row, column)]));
    const order = [...rows].sort((one, other) => {
      const [a, b] = [keys.get(one), keys.get(other)];
      return (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1);
    });
    if (order.some((row, place) => body.rows[place] !== row)) body.append(...order);
    const all = wanted.get("rows") === "all";
    table.classList.toggle("all", all);
    more.hidden = all || shown <= FIRST;
    more.textContent = `Show ${shown - FIRST} more causes`;
    document.getElementById("shown").textContent = shown === rows.length ? `${shown} causes` : `${shown} of ${rows.length} causes`;
  };

  heads.forEach((head, place) => {
    if (head.dataset.sort === "no") return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = names[place];
    button.addEventListener("click", () => {
      const now = state().get("sort") || "";
      go({ sort: now === names[place] ? `-${names[place]}` : now === `-${names[place]}` ? "" : names[place] });
    });
    head.replaceChildren(button);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => { if (event.target.name !== "q") go({ [event.target.name]: event.target.value }); });
  form.addEventListener("input", (event) => { if (event.target.name === "q") go({ q: event.target.value }, state().get("q") !== null); });
  more.addEventListener("click", () => {
    const next = [...body.rows].filter((row) => !row.hidden)[FIRST];
    go({ rows: "all" });
    next.querySelector("a").focus();
  });
  form.addEventListener("reset", (event) => { event.preventDefault(); location.hash = "#"; show(); });
  addEventListener("hashchange", show);
  form.hidden = false;
  show();
})();
