// cql-execution with cql-exec-fhir over one chart a line: node cql_execution.cjs NODE_MODULES CHARTS.ndjson ROUNDS
// One PatientSource is kept and filled again for each chart; the README's way, one for each, is ten times slower.
const fs = require("fs");
const path = require("path");
const [modules, charts, rounds] = process.argv.slice(2);
const cql = require(path.resolve(modules, "cql-execution"));
const fhir = require(path.resolve(modules, "cql-exec-fhir"));
const read = (name) => JSON.parse(fs.readFileSync(path.join(__dirname, name), "utf8"));
const NAMES = read("names.json");

async function main() {
  const library = new cql.Library(read("rules.elm.json"), new cql.Repository({}));
  const sets = {};
  for (const [name, set] of Object.entries(read("valuesets.json")))
    sets[name] = { "": set.codes.map((code) => ({ code, system: set.system, version: "" })) };
  const executor = new cql.Executor(library, new cql.CodeService(sets));
  const source = fhir.PatientSource.FHIRv401();
  const lines = fs.readFileSync(charts, "utf8").trim().split("\n");
  const times = [];
  let answers;
  for (let round = 0; round < +rounds; round++) {
    answers = [];
    const start = process.cpuUsage();
    for (const line of lines) {
      source.reset();
      source.loadBundles([JSON.parse(line)]);
      const found = Object.values((await executor.exec(source)).patientResults)[0];
      answers.push(NAMES.map((name) => found[name]));
    }
    const used = process.cpuUsage(start);
    times.push((used.user + used.system) / 1e6 / lines.length);
  }
  console.log(JSON.stringify({ times, answers }));
}
main();
