import { rmSync } from 'node:fs'
import { Compile } from 'typebox/compile'
import { type Static, Type } from 'typebox'
import { replaceFile } from '../config/edit/replace-file.ts'
import { makeFolders, readDisk } from './files/disk.ts'

const RestingSchema = Type.Object({
  model: Type.String(),
  smallModel: Type.String(),
  /** Empty = the agent has no key of its own. */
  keyId: Type.String(),
})

/** What an agent was connected with while its files are as before: the gateway does not run. */
export type RestingExport = Static<typeof RestingSchema>

const validator = Compile(RestingSchema)

/** Marks of agents whose export was taken back for the time that the gateway does not run; each a file of its own. */
export interface RestingExports {
  /** Undefined = it does not rest; also when the mark is damaged, since it only saves a click. */
  of(agent: string): RestingExport | undefined
  mark(agent: string, resting: RestingExport): void
  forget(agent: string): void
}

/** @param pathOf the place of an agent's mark */
export function restingExports(pathOf: (agent: string) => string): RestingExports {
  return {
    of(agent) {
      const text = readDisk(pathOf(agent))?.bytes.toString('utf8')
      try {
        const mark: unknown = JSON.parse(text ?? 'null')
        return validator.Check(mark) ? mark : undefined
      } catch {
        return undefined
      }
    },
    mark(agent, { model, smallModel, keyId }) {
      const path = pathOf(agent)
      makeFolders(path, 0o700)
      const bytes = Buffer.from(`${JSON.stringify({ model, smallModel, keyId })}\n`)
      replaceFile(path, bytes, { newFileMode: 0o600 })
    },
    forget: (agent) => rmSync(pathOf(agent), { force: true }),
  }
}
