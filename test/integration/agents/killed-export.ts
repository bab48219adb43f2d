/** Started by killed-export.test.ts: exports or takes back Codex and ends by SIGKILL before the named step. */
import { readFileSync } from 'node:fs'
import type { ExportFacts } from '../../../gateway/agents/agent.ts'
import { codex } from '../../../gateway/agents/codex/codex.ts'
import { createExporter } from '../../../gateway/agents/exporter.ts'

const [, , what = '', step = '', path = ''] = process.argv
const facts = JSON.parse(readFileSync(path, 'utf8')) as ExportFacts
const exporter = createExporter({
  place: facts.place,
  now: Date.now,
  pid: process.pid,
  isRunning: () => false,
  beforeStep: (next) => {
    if (next.endsWith(step)) process.kill(process.pid, 'SIGKILL')
  },
})
if (what === 'export') exporter.apply(exporter.plan(codex, facts, 'key-1'))
else exporter.undo('codex')
