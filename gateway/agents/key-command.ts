import type { ExportFacts } from './agent.ts'

/** A shell command that prints the key, for agents that ask one. */
export function readFileCommand({ key, place }: Pick<ExportFacts, 'key' | 'place'>): string {
  if (place.platform === 'win32') return `type "${key.file}"`
  return `cat '${key.file.replaceAll("'", `'\\''`)}'`
}

/** The same without a shell. */
export function readFileArguments({ key, place }: Pick<ExportFacts, 'key' | 'place'>): {
  readonly command: string
  readonly args: readonly string[]
} {
  if (place.platform === 'win32') return { command: 'cmd', args: ['/d', '/c', 'type', key.file] }
  return { command: 'cat', args: [key.file] }
}
