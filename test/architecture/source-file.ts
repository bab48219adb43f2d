import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix } from 'node:path'
import { parseSync } from 'vite'

/** One import as written. A type import leaves nothing at run time. */
export interface ImportEdge {
  readonly line: number
  /** As written. */
  readonly specifier: string
  readonly isType: boolean
  /** Where it leads: a file of the project, or a package by its name (`node:fs` for a built-in). */
  readonly target: { readonly kind: 'file' | 'package' | 'builtin'; readonly name: string }
}

export interface SourceFile {
  /** From the root of the project, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly imports: readonly ImportEdge[]
}

/** Reads and parses every source file below the given folders of the project. */
export function readSources(root: string, folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|tsx|mts|cts)$/.test(entry.name))
      .map((entry) => posix.relative(slashes(root), posix.join(slashes(entry.parentPath), entry.name)))
      .toSorted()
      .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8'))),
  )
}

/** Parses one file. Finds static imports, re-exports, `import()`, `import('…')` types and `require()`. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message ?? 'unknown error'}`)
  const imports = importNodes(program).map(({ specifier, isType, start }) => ({
    line: text.slice(0, start).split('\n').length,
    specifier,
    isType,
    target: resolveTarget(path, specifier),
  }))
  return { path, text, imports }
}

/** Lines that are neither blank nor only a comment: what the linter's limit counts too. */
export function codeLines(text: string): number {
  const withoutBlockComments = text.replaceAll(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '')
  return withoutBlockComments.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length
}

interface ImportNode {
  readonly specifier: string
  readonly isType: boolean
  readonly start: number
}

interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly [member: string]: unknown
}

function importNodes(program: unknown): ImportNode[] {
  const found: ImportNode[] = []
  const pending: unknown[] = [program]
  while (pending.length > 0) {
    const current = pending.pop()
    if (typeof current !== 'object' || current === null) continue
    if (isSyntaxNode(current)) {
      const node = readImport(current)
      if (node !== undefined) found.push(node)
    }
    pending.push(...Object.values(current))
  }
  return found.toSorted((left, right) => left.start - right.start)
}

function readImport(node: SyntaxNode): ImportNode | undefined {
  const specifier = importedText(node)
  if (specifier === undefined) return undefined
  const isType = node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type'
  return { specifier, isType, start: node.start }
}

function importedText(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literalText(node.source ?? node.argument)
    case 'CallExpression':
      return isRequire(node.callee) ? literalText((node.arguments as unknown[])[0]) : undefined
    default:
      return undefined
  }
}

function isRequire(callee: unknown): boolean {
  return isSyntaxNode(callee) && callee.type === 'Identifier' && callee.name === 'require'
}

function literalText(node: unknown): string | undefined {
  if (!isSyntaxNode(node)) return undefined
  if (node.type === 'TSLiteralType') return literalText(node.literal)
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function resolveTarget(path: string, specifier: string): ImportEdge['target'] {
  if (specifier.startsWith('.')) return { kind: 'file', name: posix.join(posix.dirname(path), specifier) }
  if (isBuiltin(specifier)) return { kind: 'builtin', name: `node:${specifier.replace(/^node:/, '')}` }
  const parts = specifier.split('/')
  return { kind: 'package', name: parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/') }
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}
