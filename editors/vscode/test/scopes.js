// scopes.js GRAMMAR FILE... writes how a grammar sees files, by the tokenizer of
// VS Code: for each file a list of lines, for each line its tokens as
// [end, scopes], ends in UTF-16 units.
const fs = require('fs');
const path = require('path');
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');

async function load(file) {
  const wasm = fs.readFileSync(path.join(path.dirname(require.resolve('vscode-oniguruma')), 'onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const grammar = textmate.parseRawGrammar(fs.readFileSync(file, 'utf8'), file);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (name) => (name === grammar.scopeName ? grammar : null),
  });
  return registry.loadGrammar(grammar.scopeName);
}

async function main() {
  const [file, ...names] = process.argv.slice(2);
  const g = await load(file);
  const files = names.map((name) => {
    let stack = textmate.INITIAL;
    return fs.readFileSync(name, 'utf8').split('\n').map((line) => {
      const result = g.tokenizeLine(line, stack);
      stack = result.ruleStack;
      return result.tokens.map((t) => [t.endIndex, t.scopes]);
    });
  });
  process.stdout.write(JSON.stringify(files));
}

main().catch((err) => {
  console.error(err);
  process.exit(1);
});
