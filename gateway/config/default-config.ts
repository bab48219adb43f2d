import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { randomUUID } from 'node:crypto'
import { resourcePath } from './package-root.ts'

/**
 * Writes the commented first configuration to `path`, readable by its owner only, unless something is there already.
 * Whole or not at all. True when it was written. Throws the error of the file system when the folder cannot be used.
 */
export async function writeDefaultConfig(
  path: string,
  template: string = resourcePath('default-config.yaml'),
): Promise<boolean> {
  const text = await readFile(template, 'utf8')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomUUID()}.new`
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
    return await publish(draft, path, text)
  } finally {
    await rm(draft, { force: true })
  }
}

/** A hard link never replaces a file that came in between, as a rename would. */
async function publish(draft: string, path: string, text: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw error
  }
  return await writeWhereLinksAreUnknown(path, text)
}

/** FAT and some network mounts have no hard links: there the file itself is made, if it is not there. */
async function writeWhereLinksAreUnknown(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
