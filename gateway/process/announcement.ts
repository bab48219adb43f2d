import { basename } from 'node:path'
import type { ConfigProblem } from '../contract/status.ts'
import type { StartedGateway } from '../gateway-options.ts'

export interface AnnouncementInputs {
  readonly started: StartedGateway
  readonly hasInterface: boolean
  readonly configPath: string
  /** `--data-dir` has to be repeated to find this gateway; undefined when the platform's place is in use. */
  readonly namedDataDir: string | undefined
}

/** The lines on standard output once the gateway listens. The first is a contract: scripts wait for it. */
export function announcementLines(inputs: AnnouncementInputs): string[] {
  const place = inputs.namedDataDir === undefined ? '' : ` --data-dir ${quoteForShell(inputs.namedDataDir)}`
  return [
    `listening on ${inputs.started.url}`,
    inputs.hasInterface ? `interface    ${inputs.started.uiLink}` : 'interface    not built; `npx vite build` makes it',
    `key          npm run -s cli -- keys show${place}`,
    `config       ${inputs.configPath}`,
  ]
}

const mostWarnings = 8

/** Warnings and notes of the config in short, for standard error. */
export function warningLines(problems: readonly ConfigProblem[], notes: readonly string[]): string[] {
  const warnings = problems.filter((problem) => problem.severity === 'warning')
  const shown = warnings.slice(0, mostWarnings).map(shortProblem)
  const rest = warnings.length - shown.length
  return [
    ...notes.map((note) => `note: ${note}`),
    ...shown.map((line) => `warning: ${line}`),
    ...(rest > 0 ? [`and ${rest} more warnings: \`npm run cli -- config check\` shows all`] : []),
  ]
}

function shortProblem(problem: ConfigProblem): string {
  const place = problem.line === null ? '' : `${basename(problem.file)}:${problem.line} `
  return `${place}${problem.message}`
}

/** Quotes a path for a POSIX shell when it needs it. */
function quoteForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
