// The host's own script. What the widget needs of it is getToken; the rest is a CRM.
"use strict";

const $ = (id) => document.getElementById(id);
const widget = document.querySelector("converse-widget");

// Our server knows who is signed in here and asks Converse for a token of that user. The
// widget calls this when it needs one, and again shortly before it ends.
widget.getToken = async () => {
  const response = await fetch("api/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: $("user").value }),
  });
  if (!response.ok) throw new Error(`the CRM has no token: ${response.status}`);
  return response.json(); // {token, expiresAt}
};

widget.addEventListener("converse:unread", ({ detail }) => {
  $("unread").textContent = detail.count;
  $("unread").hidden = detail.count === 0;
  $("inbox").setAttribute("aria-label", detail.count === 1 ? "Messages, 1 unread" : `Messages, ${detail.count} unread`);
});
$("inbox").addEventListener("click", () => widget.open());
$("user").addEventListener("change", () => widget.renew());
$("theme").addEventListener("click", () => {
  const dark = $("theme").getAttribute("aria-pressed") !== "true";
  $("theme").setAttribute("aria-pressed", String(dark));
  document.documentElement.classList.toggle("dark", dark);
  widget.setAttribute("theme", dark ? "dark" : "light");
});
widget.setAttribute("theme", "light");

const nameOf = (lead) => [lead.firstName, lead.lastName].filter(Boolean).join(" ") || "No name";
const phonesOf = (lead) => (lead.identifiers ?? []).filter((i) => i.kind === "phone").map((i) => i.value);

let chosen = "";

function choose(lead) {
  chosen = lead.id;
  for (const row of $("rows").rows) row.toggleAttribute("data-chosen", row.dataset.id === chosen);
  $("nobody").hidden = true;
  $("lead").hidden = false;
  $("lead-name").textContent = nameOf(lead);
  const facts = [
    ["Phone", phonesOf(lead).join(", ")],
    ["E-mail", (lead.identifiers ?? []).filter((i) => i.kind === "email").map((i) => i.value).join(", ")],
    ["Stage", lead.stage],
    ["Source", lead.source],
    ["Owner", lead.ownerName],
  ];
  $("facts").replaceChildren(
    ...facts.flatMap(([name, value]) => {
      const dt = document.createElement("dt");
      const dd = document.createElement("dd");
      dt.textContent = name;
      dd.textContent = value || "–";
      return [dt, dd];
    }),
  );
  widget.setAttribute("lead-id", lead.id);
}

$("chat").addEventListener("click", () => widget.open(chosen));

function draw(leads) {
  $("rows").replaceChildren(
    ...leads.map((lead) => {
      const row = document.createElement("tr");
      row.dataset.id = lead.id;
      const name = document.createElement("th");
      name.scope = "row";
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = nameOf(lead);
      button.addEventListener("click", () => choose(lead));
      name.append(button);
      row.append(name);
      for (const text of [phonesOf(lead)[0] ?? "–", lead.stage || "–", lead.ownerName || "–"]) {
        row.insertCell().textContent = text;
      }
      row.toggleAttribute("data-chosen", lead.id === chosen);
      return row;
    }),
  );
  $("status").textContent = leads.length === 0 ? "No lead matches." : "";
}

let asked = 0;

async function load() {
  const mine = ++asked;
  try {
    const response = await fetch(`api/leads?q=${encodeURIComponent($("query").value)}`);
    if (!response.ok) throw new Error(String(response.status));
    const { leads } = await response.json();
    if (mine === asked) draw(leads ?? []);
  } catch {
    if (mine === asked) $("status").textContent = "The leads cannot be read just now. Is Converse running?";
  }
}

$("query").addEventListener("input", load);
load();
