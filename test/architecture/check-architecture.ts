import { codeLines, type ImportEdge, type SourceFile } from './source-file.ts'
import {
  allowedEdges,
  electronValueOwners,
  entryFolders,
  gatewayFolders,
  keyringPackage,
  lineLimit,
  packageOwners,
  pureFolders,
  topFolders,
  vagueWords,
  vocabularyPackages,
  whyFolder,
} from './rules.ts'

/** Every breach of the rules as `path:line: what is wrong. What to do instead.` */
export function checkArchitecture(files: readonly SourceFile[], dependencies: ReadonlySet<string>): string[] {
  return [
    ...files.flatMap((file) => file.imports.flatMap((edge) => checkEdge(file, edge, dependencies))),
    ...files.flatMap(checkFile),
    ...checkKeyring(files),
    ...findFolderCycles(files).map(
      (cycle) => `${cycle.join(' → ')}: these folders import each other in a circle. Move what both need further down.`,
    ),
  ]
}

function checkEdge(file: SourceFile, edge: ImportEdge, dependencies: ReadonlySet<string>): string[] {
  const problem =
    edge.target.kind === 'file'
      ? fileEdgeProblem(file.path, edge.target.name)
      : (purityProblem(file.path, edge) ??
        (edge.target.kind === 'package' ? packageProblem(file.path, edge, dependencies) : undefined))
  return problem === undefined ? [] : [`${file.path}:${edge.line}: imports ${edge.specifier}. ${problem}`]
}

function fileEdgeProblem(from: string, to: string): string | undefined {
  if (`${from} → ${to}` in allowedEdges) return undefined
  if (!/\.(ts|tsx|css|json|svg)$/.test(to)) return 'Imports of files carry their extension.'
  const top = topFolders[topFolder(from)]
  if (top !== undefined && !top.prefixes.some((prefix) => to.startsWith(prefix))) return top.instead
  return from.startsWith('gateway/') ? gatewayEdgeProblem(from, to) : undefined
}

function gatewayEdgeProblem(from: string, to: string): string | undefined {
  const source = gatewayFolder(from)
  const target = gatewayFolder(to)
  if (source === undefined || (entryFolders as readonly string[]).includes(source)) return undefined
  const allowed = gatewayFolders[source]
  if (allowed === undefined) return `gateway/${source} has no row in test/architecture/rules.ts: add one.`
  if (target === undefined) return 'Only entries import the files directly in gateway/: take the value as a parameter.'
  if (source === target || allowed.includes(target)) return undefined
  const list = allowed.map((folder) => `gateway/${folder}`).join(', ')
  const reason = whyFolder[`${source}→${target}`] ?? 'Take it as a parameter, or declare the shape further down.'
  return `gateway/${source} may import ${list === '' ? 'only its own files' : list}. ${reason}`
}

function purityProblem(path: string, edge: ImportEdge): string | undefined {
  if (topFolder(path) === 'renderer' && edge.target.kind === 'builtin')
    return 'The renderer runs in a browser: no Node modules.'
  if (edge.target.kind === 'builtin') {
    const pure = Object.entries(pureFolders).find(([prefix]) => path.startsWith(prefix))
    if (pure === undefined || edge.isType || pure[1].includes(edge.target.name)) return undefined
    return `${pure[0]} does no I/O: take the value as a parameter.`
  }
  const isVocabulary = path.startsWith('gateway/model/') || path.startsWith('gateway/contract/')
  if (!isVocabulary || (vocabularyPackages as readonly string[]).includes(edge.target.name)) return undefined
  return 'gateway/model and gateway/contract import nothing but each other and typebox.'
}

function packageProblem(path: string, edge: ImportEdge, dependencies: ReadonlySet<string>): string | undefined {
  const { name } = edge.target
  if (name === 'electron') return electronProblem(path, edge)
  const rule = packageOwners[name]
  if (rule !== undefined && !rule.owners.some((owner) => path.startsWith(owner))) {
    return `Only ${rule.owners.join(' and ')} may. ${rule.instead}`
  }
  if (topFolder(path) === 'gateway' && !edge.isType && !dependencies.has(name)) {
    return `${name} is not in "dependencies" of package.json: what the gateway runs on must be shipped.`
  }
  return undefined
}

function electronProblem(path: string, edge: ImportEdge): string | undefined {
  if (topFolder(path) !== 'main') return 'Electron belongs to main/: take a port that main implements.'
  if (edge.isType || electronValueOwners.some((owner) => path.startsWith(owner))) return undefined
  return 'Only main/electron, main/preload and main/index.ts use its values: import the type and take the value as a parameter.'
}

function checkFile(file: SourceFile): string[] {
  const problems: string[] = []
  const words = file.path.replace(/\.[a-z]+$/, '').split(/[/.-]/)
  const vague = words.find((word) => vagueWords.includes(word.toLowerCase()))
  if (vague !== undefined) problems.push(`${file.path}: "${vague}" says nothing. Name the file after what it does.`)
  const lines = codeLines(file.text)
  if (lines > lineLimit)
    problems.push(`${file.path}: ${lines} lines of code, at most ${lineLimit}. Split it by subject.`)
  return problems
}

function checkKeyring(files: readonly SourceFile[]): string[] {
  const users = files.filter((file) => file.imports.some((edge) => edge.target.name === keyringPackage))
  if (users.length <= 1) return []
  return [
    `${users.map((file) => file.path).join(', ')}: only one file imports ${keyringPackage}. Take a SecretStore instead.`,
  ]
}

/** Folder cycles as paths that end where they begin. Files directly in a top folder are left to the linter's rule on file cycles. */
export function findFolderCycles(files: readonly SourceFile[]): string[][] {
  const graph = new Map<string, Set<string>>()
  for (const file of files) {
    for (const edge of file.imports) {
      const from = folderOf(file.path)
      const to = folderOf(edge.target.name)
      if (edge.target.kind !== 'file' || from === undefined || to === undefined || from === to) continue
      graph.set(from, (graph.get(from) ?? new Set()).add(to))
    }
  }
  const cycles: string[][] = []
  const finished = new Set<string>()
  const visit = (folder: string, trail: readonly string[]): void => {
    const start = trail.indexOf(folder)
    if (start !== -1) {
      cycles.push([...trail.slice(start), folder])
      return
    }
    if (finished.has(folder)) return
    for (const next of graph.get(folder) ?? []) visit(next, [...trail, folder])
    finished.add(folder)
  }
  for (const folder of graph.keys()) visit(folder, [])
  return cycles
}

/** `gateway/http` for everything below it; undefined for a file directly in a top folder. */
function folderOf(path: string): string | undefined {
  const parts = path.split('/')
  return parts.length > 2 ? parts.slice(0, 2).join('/') : undefined
}

function topFolder(path: string): string {
  return path.split('/')[0] ?? ''
}

/** `http` of `gateway/http/server.ts`; undefined for a file directly in `gateway/`. */
function gatewayFolder(path: string): string | undefined {
  const parts = path.split('/')
  return parts.length > 2 ? parts[1] : undefined
}
