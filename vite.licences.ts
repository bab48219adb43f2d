import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

interface LockedPackage {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly link?: boolean
}

type Lock = Readonly<Record<string, LockedPackage>>

/** Writes `licences.json` beside the bundle: name, version, licence and its text of every package that is shipped. */
export function licences(root: string): Plugin {
  return {
    name: 'licences',
    apply: 'build',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? output.moduleIds : []))
      const source = JSON.stringify(listLicences(root, new Set(modules.flatMap(packageOf))))
      this.emitFile({ type: 'asset', fileName: 'licences.json', source })
    },
  }
}

/** The folder of the package that a module is of, from the root: what is bundled is shipped, though it is a development package. */
function packageOf(id: string): readonly string[] {
  const found = /node_modules\/(?:@[^/]+\/)?[^/]+(?!.*node_modules\/)/u.exec(id.replaceAll('\\', '/'))
  return found === null ? [] : [id.replaceAll('\\', '/').slice(0, found.index + found[0].length)]
}

function listLicences(root: string, bundled: ReadonlySet<string>) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Lock }
  const wanted = new Set(Object.keys(packages).filter((path) => path !== '' && packages[path]?.dev !== true))
  for (const folder of bundled) {
    const path = folder.slice(folder.indexOf('node_modules/'))
    if (packages[path] !== undefined) wanted.add(path)
  }
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

/** Empty for a package of another platform, which is not installed here, or one without a text of its own. */
function licenceText(folder: string): string {
  try {
    const name = readdirSync(folder).find((candidate) => /^licen[cs]e(\.|$)/iu.test(candidate))
    return name === undefined ? '' : readFileSync(join(folder, name), 'utf8')
  } catch {
    return ''
  }
}
