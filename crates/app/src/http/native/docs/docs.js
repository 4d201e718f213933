// Shows the OpenAPI document of this server and sends requests to it. No library, no other host.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
const TOKEN = "lotbook.docs.token";
let api;

/** An element with attributes, listeners (`onclick`) and children. */
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A text in which `words` between backticks are code. */
function prose(text) {
  return (text ?? "").split("`").map((part, at) => (at % 2 ? el("code", {}, part) : part));
}

/** What a `$ref` stands for. */
function follow(schema) {
  const path = schema?.$ref?.slice(2).split("/");
  return path ? path.reduce((node, key) => node?.[key], api) : schema;
}

/** A schema in one line: `string | null`, `Product[]`. */
function typeOf(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) return variants.map(typeOf).join(" | ");
  const types = [schema.type ?? "any"].flat();
  return types.map((type) => (type === "array" ? `${typeOf(schema.items)}[]` : type)).join(" | ");
}

/** A body to start from: the fields that must be sent. */
function example(schema, depth = 0) {
  const found = follow(schema) ?? {};
  if (found.examples) return found.examples[0];
  if (found.default !== undefined) return found.default;
  if (found.enum) return found.enum[0];
  const variants = found.oneOf ?? found.anyOf;
  if (variants) return example(variants[0], depth);
  switch ([found.type].flat()[0]) {
    case "object": {
      const fields = found.required?.length ? found.required : Object.keys(found.properties ?? {}).slice(0, 3);
      return depth > 3 ? {} : Object.fromEntries(fields.map((key) => [key, example(found.properties?.[key], depth + 1)]));
    }
    case "array": return [];
    case "integer": case "number": return found.minimum ?? 1;
    case "boolean": return false;
    case "null": return null;
    default: return "";
  }
}

function fieldsTable(schema) {
  const found = follow(schema) ?? {};
  const shown = found.properties ? found : follow((found.oneOf ?? found.anyOf ?? []).find((one) => follow(one)?.properties));
  if (!shown?.properties) return el("p", {}, el("code", { class: "type" }, typeOf(schema)));
  const rows = Object.entries(shown.properties).map(([name, field]) =>
    el("tr", {},
      el("td", {}, el("code", { class: shown.required?.includes(name) ? "needed" : undefined }, name)),
      el("td", {}, el("code", { class: "type" }, typeOf(field))),
      el("td", {}, ...prose(field.description ?? follow(field)?.description),
        field.default === undefined ? null : el("span", { class: "type" }, ` Default ${JSON.stringify(field.default)}.`))));
  return el("table", {}, el("tbody", {}, ...rows));
}

function inputOf(parameter) {
  const schema = follow(parameter.schema) ?? {};
  const words = schema.enum ?? (schema.type === "boolean" ? ["true", "false"] : null);
  const attributes = { name: parameter.name, "data-in": parameter.in, "aria-label": parameter.name };
  if (!words) return el("input", { ...attributes, placeholder: schema.default ?? "", required: parameter.required });
  return el("select", attributes, el("option", { value: "" }, "–"), ...words.map((word) => el("option", {}, String(word))));
}

function parametersTable(parameters) {
  return el("table", {}, el("tbody", {}, ...parameters.map((parameter) =>
    el("tr", {},
      el("td", {}, el("code", { class: parameter.required ? "needed" : undefined }, parameter.name),
        el("div", { class: "type" }, parameter.in)),
      el("td", {}, inputOf(parameter)),
      el("td", {}, ...prose(parameter.description))))));
}

async function send(form, method, path, output) {
  const headers = {};
  const query = new URLSearchParams();
  let address = path;
  for (const input of form.querySelectorAll("[data-in]")) {
    if (input.value === "") continue;
    if (input.dataset.in === "path") address = address.replace(`{${input.name}}`, encodeURIComponent(input.value));
    if (input.dataset.in === "query") query.append(input.name, input.value);
    if (input.dataset.in === "header") headers[input.name] = input.value;
  }
  if (query.size) address += `?${query}`;
  const token = document.getElementById("token").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  const body = form.querySelector("textarea")?.value;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const started = performance.now();
  try {
    const reply = await fetch(address, { method: method.toUpperCase(), headers, body, credentials: "omit" });
    const text = await reply.text();
    const took = Math.round(performance.now() - started);
    output.replaceChildren(
      el("p", {}, el("span", { class: `status${reply.ok ? "" : " bad"}` }, `${reply.status} ${reply.statusText}`),
        ` in ${took} ms · ${method.toUpperCase()} ${address}`),
      el("pre", {}, readable(text)));
  } catch (error) {
    output.replaceChildren(el("p", { class: "status bad" }, `no answer: ${error.message}`));
  }
}

/** JSON with line breaks. Numbers are left as they are written: a browser would round long ones. */
function readable(text) {
  let out = "", depth = 0, quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      out += letter;
      if (letter === "\\") out += text[at += 1] ?? "";
      else if (letter === '"') quoted = false;
    } else if (letter === '"') {
      quoted = true;
      out += letter;
    } else if ("{[".includes(letter)) {
      const empty = "}]".includes(text[at + 1] ?? "");
      depth += empty ? 0 : 1;
      out += empty ? letter + text[at += 1] : `${letter}\n${"  ".repeat(depth)}`;
    } else if ("}]".includes(letter)) {
      depth = Math.max(0, depth - 1);
      out += `\n${"  ".repeat(depth)}${letter}`;
    } else if (letter === ",") out += `,\n${"  ".repeat(depth)}`;
    else if (letter === ":") out += ": ";
    else if (letter.trim()) out += letter;
  }
  return out;
}

function operation(path, method, described) {
  const parameters = described.parameters ?? [];
  const body = described.requestBody?.content?.["application/json"]?.schema;
  const output = el("div", { "aria-live": "polite" });
  const fill = (inside) => {
    const form = el("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        const button = form.querySelector("button");
        button.disabled = true;
        await send(form, method, path, output);
        button.disabled = false;
      },
    });
    if (parameters.length) form.append(el("h3", {}, "Parameters"), parametersTable(parameters));
    if (body) {
      const text = el("textarea", { "aria-label": "Body", spellcheck: "false" });
      text.value = JSON.stringify(example(body), null, 2);
      form.append(el("h3", {}, "Body ", el("code", { class: "type" }, typeOf(body))), fieldsTable(body), text);
    }
    form.append(el("p", {}, el("button", {}, "Send")));
    inside.append(
      described.description ? el("p", {}, ...prose(described.description)) : "",
      described["x-permission"] ? el("p", { class: "permission" }, "Permission ", el("code", {}, described["x-permission"])) : "",
      form, output, el("h3", {}, "Answers"));
    for (const [status, answer] of Object.entries(described.responses ?? {})) {
      const found = follow(answer) ?? {};
      const schema = Object.values(found.content ?? {})[0]?.schema;
      inside.append(el("p", {}, el("code", {}, status), " ", ...prose(found.description), " ", el("code", { class: "type" }, typeOf(schema))));
      if (status !== "default" && schema) inside.append(fieldsTable(schema));
    }
  };
  const inside = el("div", { class: "inside" });
  // Hundreds of forms are not made before somebody opens one.
  return el("details", { id: described.operationId, ontoggle: (event) => {
    if (event.target.open && !inside.hasChildNodes()) fill(inside);
    if (event.target.open) history.replaceState(null, "", `#${described.operationId}`);
  } },
    el("summary", {}, el("span", { class: `method ${method}` }, method), el("code", {}, path), el("span", { class: "does" }, described.summary ?? "")),
    inside);
}

function show() {
  const wanted = document.getElementById("find").value.trim().toLowerCase();
  const sections = [], links = [];
  for (const tag of api.tags ?? []) {
    const operations = [];
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const method of METHODS) {
        const described = methods[method];
        if (!described?.tags?.includes(tag.name)) continue;
        const text = `${path} ${method} ${described.summary} ${described.operationId} ${tag.name}`.toLowerCase();
        if (text.includes(wanted)) operations.push(operation(path, method, described));
      }
    }
    if (!operations.length) continue;
    const id = `tag-${tag.name}`;
    links.push(el("li", {}, el("a", { href: `#${id}` }, tag.name)));
    sections.push(el("section", { id }, el("h2", {}, tag.name.replaceAll("-", " ")), el("p", {}, ...prose(tag.description)), ...operations));
  }
  document.getElementById("tags").replaceChildren(...links);
  document.getElementById("operations").replaceChildren(...(sections.length ? sections : [el("p", {}, "Nothing is called so.")]));
}

async function whoAmI() {
  const token = document.getElementById("token").value.trim();
  sessionStorage.setItem(TOKEN, token);
  const who = document.getElementById("who");
  if (!token) return who.replaceChildren();
  const reply = await fetch("/v1/me", { headers: { Authorization: `Bearer ${token}` }, credentials: "omit" }).catch(() => null);
  const me = reply?.ok ? await reply.json() : null;
  who.textContent = me ? `${me.user?.name} at ${me.tenant?.name}` : "this token does not hold";
}

async function start() {
  const token = document.getElementById("token");
  token.value = sessionStorage.getItem(TOKEN) ?? "";
  token.addEventListener("change", whoAmI);
  document.getElementById("login").addEventListener("submit", (event) => { event.preventDefault(); whoAmI(); });
  document.getElementById("find").addEventListener("input", show);
  const reply = await fetch("/v1/openapi.json");
  api = await reply.json();
  document.getElementById("introduction").replaceChildren(el("p", {}, ...prose(api.info.description)));
  show();
  const opened = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (opened) {
    if (opened.tagName === "DETAILS") opened.open = true;
    opened.scrollIntoView();
  }
  whoAmI();
}

document.addEventListener("DOMContentLoaded", start);
