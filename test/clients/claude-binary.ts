import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The binary of the platform's own package: the launcher beside it is put in place by an install script, which is not run. */
export function claudeBinary(folder: string): string {
  const names = [
    `claude-code-${process.platform}-${process.arch}`,
    `claude-code-${process.platform}-${process.arch}-musl`,
  ]
  const file = process.platform === 'win32' ? 'claude.exe' : 'claude'
  const places = names.map((name) => join(folder, 'node_modules', '@anthropic-ai', name, file))
  const binary = places.find((place) => existsSync(place))
  if (binary === undefined) throw new Error(`Claude Code was installed without a binary for ${process.platform}.`)
  return binary
}
