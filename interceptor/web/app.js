"use strict";
/* The page over the admin API. Text from outside only ever becomes text nodes. */

const REFRESH_MS = 2000;
const SAMPLE = {
  employees: {
    employee: [
      { id: "1", firstName: "Robert", lastName: "Brownforest", DOB: "18/12/1965", email: "RB1@exate.com" },
      { id: "2", firstName: "Rip", lastName: "Van Winkle", DOB: "18/01/1972", email: "RVW1@exate.com" },
    ],
  },
};

const byId = (id) => document.getElementById(id);
const state = { tab: "calls", token: sessionStorage.getItem("token") || "" };

function element(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined && text !== null) node.textContent = String(text);
  if (className) node.className = className;
  return node;
}

function row(...cells) {
  const tr = element("tr");
  for (const cell of cells) tr.append(cell instanceof Node ? cell : element("td", cell));
  return tr;
}

function tell(problem) {
  byId("problem").textContent = problem || "";
  byId("problem").hidden = !problem;
}

async function ask(method, path, body) {
  const headers = state.token ? { Authorization: `Bearer ${state.token}` } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(`/admin/v1/${path}`, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body),
  });
  const value = await answer.json();
  if (answer.ok) return value;
  const where = value.field ? `${value.field}: ` : "";
  throw new Error(answer.status === 401 ? "The admin token is missing or wrong."
    : `${where}${value.message}`);
}

/* ---- calls ---- */

function callRow(call) {
  const fine = call.status < 400;
  const answer = element("td", call.error ? `${call.status} ${call.error}` : call.status, fine ? "good" : "bad");
  const number = (value) => element("td", value, "number");
  const countries = call.countryCode ? `${call.dataOwningCountryCode || "?"} → ${call.countryCode}` : "";
  const who = [call.tenant, call.client].filter(Boolean).join(" / ");
  return row(call.at.slice(11, 23), who, call.endpoint + (call.silent ? " (silent)" : ""), call.manifest || "",
    call.job || "", countries, number(call.counts.valuesProtected), number(call.counts.valuesGranted),
    answer, number((call.durationUs / 1000).toFixed(2)), call.requestId);
}

async function showCalls() {
  const { calls } = await ask("GET", "calls?limit=100");
  byId("call-rows").replaceChildren(...calls.map(callRow));
  byId("no-calls").hidden = calls.length > 0;
}

/* ---- before and after ---- */

function fillSelect(select, names) {
  const chosen = select.value;
  select.replaceChildren(...names.map((name) => element("option", name)));
  if (names.includes(chosen)) select.value = chosen;
}

async function showPreview() {
  const form = byId("preview-form");
  const [{ tenants }, { manifests }] = await Promise.all([ask("GET", "tenants"), ask("GET", "manifests")]);
  fillSelect(form.tenant, tenants.map((t) => t.name));
  fillSelect(form.manifestName, manifests.map((m) => m.name));
  if (!byId("before").value) byId("before").value = JSON.stringify(SAMPLE, null, 2);
}

function readClaims(text) {
  return text.split(",").map((part) => part.trim()).filter(Boolean).map((part) => {
    const at = part.indexOf("=");
    return { attributeName: part.slice(0, at), attributeValue: part.slice(at + 1) };
  });
}

function previewRequest(form) {
  const body = { dataSet: byId("before").value };
  for (const name of ["tenant", "manifestName", "jobType", "countryCode", "dataOwningCountryCode"])
    if (form[name].value) body[name] = form[name].value;
  for (const name of ["preserveStringLength", "protectNullValues"]) body[name] = form[name].checked;
  if (form.dataUsageId.value) body.dataUsageId = Number(form.dataUsageId.value);
  if (form.claims.value) body.matchingRule = { claims: readClaims(form.claims.value) };
  return body;
}

/* Lines of the answer that differ from the same lines of the question are marked. */
function showAfter(before, after) {
  const old = before.split("\n");
  const same = old.length === after.split("\n").length;
  const lines = after.split("\n").map((line, i) =>
    element("span", `${line}\n`, same && line !== old[i] ? "changed" : ""));
  byId("after").replaceChildren(...lines);
}

function reasonRow(attribute) {
  const { counts } = attribute;
  const why = attribute.rules.map((r) => `${r.rule}: ${r.outcome}`).join("; ") || "no rule covers it";
  const outcome = element("td", attribute.granted ? `granted by ${attribute.rule}`
    : `protected (${counts.protected})`, attribute.granted ? "bad" : "good");
  return row(element("td", attribute.path), attribute.type, outcome, element("td", why, "wrap"));
}

async function runPreview(event) {
  event.preventDefault();
  const seen = await ask("POST", "preview", previewRequest(event.target));
  showAfter(seen.before, seen.after);
  byId("reasons").replaceChildren(...seen.attributes.map(reasonRow));
}

/* ---- manifests and rules ---- */

function table(titles, rows) {
  const head = element("thead");
  head.append(row(...titles.map((title) => element("th", title))));
  const body = element("tbody");
  body.append(...rows);
  const whole = element("table");
  whole.append(head, body);
  return whole;
}

function manifestPart(manifest) {
  const part = element("div");
  part.append(element("h2", manifest.name), element("p",
    `version ${manifest.version}, ${manifest.active === false ? "not active" : "active"}, ` +
    `default job ${manifest.defaultJob || "Restrict"}, unlisted: ${manifest.unlisted || "pass"}`, "hint"));
  part.append(table(["Path", "Type", "Classification", "Technique"], manifest.attributes.map((a) =>
    row(element("td", a.path), a.type || "string", a.classification || "", a.technique || ""))));
  return part;
}

async function showManifests() {
  const { manifests } = await ask("GET", "manifests");
  byId("manifests").replaceChildren(...manifests.map(manifestPart));
}

function claimsText(c) {
  if (!c) return "none";
  if (c.claim) return `${c.claim} = ${c.equals}`;
  if (c.not) return `not (${claimsText(c.not)})`;
  return (c.all || c.any).map((term) => `(${claimsText(term)})`).join(c.all ? " and " : " or ");
}

function ruleRow(rule) {
  const list = (items) => (items || ["*"]).join(", ");
  const time = rule.validFrom || rule.validUntil ? `${rule.validFrom || "…"} to ${rule.validUntil || "…"}` : "any";
  const what = list([...(rule.attributes || []), ...(rule.classifications || [])]);
  return row(rule.name, list(rule.manifests), element("td", what, "wrap"), list(rule.dataOwningCountries),
    list(rule.countries), claimsText(rule.claims), rule.dataUsageIds ? list(rule.dataUsageIds) : "any", time);
}

async function showRules() {
  const { rules } = await ask("GET", "rules");
  byId("rules").replaceChildren(
    element("p", "What no rule grants stays protected.", "hint"),
    table(["Rule", "Manifests", "Attributes", "Owner", "Asking", "Claims", "Purpose", "Time"], rules.map(ruleRow)));
}

/* ---- faults ---- */

async function showFaults() {
  const { faults } = await ask("GET", "faults");
  byId("fault-text").value = JSON.stringify(faults.length ? faults
    : [{ path: "dataset", status: 503, times: 1 }], null, 2);
}

async function setFaults() {
  await ask("PUT", "faults", JSON.parse(byId("fault-text").value));
  await showFaults();
}

async function clearFaults() {
  await ask("DELETE", "faults");
  await showFaults();
}

/* ---- Envoy's statistics, where an Envoy is known ---- */

async function showEnvoy() {
  const { stats } = await ask("GET", "envoy");
  const rows = stats.filter((s) => s.value).map((s) => row(s.name, element("td", s.value, "number")));
  byId("envoy").replaceChildren(table(["Statistic", "Value"], rows));
}

async function offerEnvoy() {
  try {
    await ask("GET", "envoy");
    byId("tabs").querySelector("[data-tab=envoy]").hidden = false;
  } catch {
    /* none is set, or it does not answer: there is no tab then */
  }
}

/* ---- the frame ---- */

const tabs = {
  calls: showCalls, preview: showPreview, manifests: showManifests, rules: showRules, faults: showFaults,
  envoy: showEnvoy,
};

async function guarded(work) {
  try {
    await work();
    tell("");
  } catch (problem) {
    tell(problem.message);
  }
}

function open(tab) {
  state.tab = tab in tabs ? tab : "calls";
  for (const name of Object.keys(tabs)) byId(name).hidden = name !== state.tab;
  for (const button of byId("tabs").children)
    button.setAttribute("aria-current", String(button.dataset.tab === state.tab));
  return guarded(tabs[state.tab]);
}

async function refresh() {
  try {
    const answer = await fetch("/readyz");
    byId("state").textContent = answer.ok ? "ready" : "not ready";
    byId("state").className = answer.ok ? "good" : "bad";
    if (["calls", "envoy"].includes(state.tab) && !document.hidden) await guarded(tabs[state.tab]);
  } catch {
    byId("state").textContent = "not reachable";
    byId("state").className = "bad";
  }
  setTimeout(refresh, REFRESH_MS);
}

byId("tabs").addEventListener("click", (event) => {
  if (event.target.dataset.tab) location.hash = event.target.dataset.tab;
});
addEventListener("hashchange", () => open(location.hash.slice(1)));
byId("login").addEventListener("submit", (event) => {
  event.preventDefault();
  state.token = byId("token").value;
  sessionStorage.setItem("token", state.token);
  byId("token").value = "";
  open(state.tab);
});
byId("preview-form").addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(() => runPreview(event));
});
byId("fault-set").addEventListener("click", () => guarded(setFaults));
byId("fault-clear").addEventListener("click", () => guarded(clearFaults));
open(location.hash.slice(1));
offerEnvoy();
refresh();
