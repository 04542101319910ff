// Reads a JSON list of diagrams on standard input, and writes the list of what
// each is, or of why it is none.
import { readFileSync } from 'node:fs'
import { JSDOM } from 'jsdom'

const dom = new JSDOM('<!DOCTYPE html><body></body>')
globalThis.window = dom.window
globalThis.document = dom.window.document
const { default: mermaid } = await import('mermaid')
mermaid.initialize({ startOnLoad: false })

const out = []
for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    out.push((await mermaid.parse(text)).diagramType)
  } catch (e) {
    out.push(`no diagram: ${e.message}`)
  }
}
console.log(JSON.stringify(out))
