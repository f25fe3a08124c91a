// Reads texts with Debian's node-yaml by the YAML 1.2 core schema: lines of JSON {"text": base64} in, lines of JSON out;
// by YAML 1.1 with {"version": "1.1"}.
// A scalar is null, a boolean, {"s": text} or {"n": number}; a text that node-yaml refuses is {"error": message}.
const YAML = require("yaml");

function value(item) {
  if (item === null || item === undefined || typeof item === "boolean") return item ?? null;
  if (typeof item === "string") return { s: item };
  if (typeof item === "bigint" || typeof item === "number") return { n: Object.is(item, -0) ? "-0" : String(item) };
  if (Array.isArray(item)) return item.map(value);
  const map = {};
  for (const [key, inner] of item) map[String(key)] = value(inner);
  return { m: map };
}

function read(text, version) {
  const schema = version === "1.1" ? "yaml-1.1" : "core";
  const documents = YAML.parseAllDocuments(text, { version, schema, intAsBigInt: true, merge: false });
  const list = Array.isArray(documents) ? documents : [];
  const broken = list.find((document) => document.errors.length > 0);
  if (broken) return { error: broken.errors[0].message.split("\n")[0] };
  return { documents: list.map((document) => value(document.toJS({ mapAsMap: true }))) };
}

for (const line of require("fs").readFileSync(0, "utf8").split("\n")) {
  if (line === "") continue;
  let answer;
  try {
    const input = JSON.parse(line);
    answer = read(Buffer.from(input.text, "base64").toString("utf8"), input.version ?? "1.2");
  } catch (error) {
    answer = { error: String(error.message).split("\n")[0] };
  }
  console.log(JSON.stringify(answer));
}
