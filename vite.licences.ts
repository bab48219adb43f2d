import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

interface LockedPackage {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly link?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
}

type Lock = Readonly<Record<string, LockedPackage>>

/** What the interface is built from. They are development packages, since their code is in the bundle. */
const bundled = [
  '@mantine/core',
  '@mantine/hooks',
  '@tabler/icons-react',
  '@tanstack/react-query',
  'react',
  'react-dom',
]

/** Writes `licences.json` beside the bundle: name, version, licence and its text of every package that is shipped. */
export function licences(root: string): Plugin {
  return {
    name: 'licences',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'licences.json', source: JSON.stringify(listLicences(root)) })
    },
  }
}

function listLicences(root: string) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Lock }
  const wanted = new Set(Object.keys(packages).filter((path) => path !== '' && packages[path]?.dev !== true))
  for (const name of bundled) follow(`node_modules/${name}`, packages, wanted)
  return [...wanted]
    .filter((path) => packages[path]?.link !== true && path.startsWith('node_modules/'))
    .map((path) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: packages[path]?.version ?? '',
      licence: packages[path]?.license ?? 'see its text',
      text: licenceText(join(root, path)),
    }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
}

/** A package and all that it needs, each found as Node finds it: nearest folder first. */
function follow(path: string, packages: Lock, found: Set<string>): void {
  const entry = packages[path]
  if (entry === undefined || found.has(path)) return
  found.add(path)
  for (const name of Object.keys(entry.dependencies ?? {})) {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`]
    const place = places.find((candidate) => packages[candidate] !== undefined)
    if (place !== undefined) follow(place, packages, found)
  }
}

/** Empty for a package of another platform, which is not installed here, or one without a text of its own. */
function licenceText(folder: string): string {
  try {
    const name = readdirSync(folder).find((candidate) => /^licen[cs]e(\.|$)/iu.test(candidate))
    return name === undefined ? '' : readFileSync(join(folder, name), 'utf8')
  } catch {
    return ''
  }
}
