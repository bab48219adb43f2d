import type { JsonValue } from '../../model/json.ts'

/** Where a value stands: keys of blocks and places in lists, from the root of the file. */
export type EditPath = readonly (string | number)[]

/** One change of a YAML file. `set` makes the blocks on the way that are not there yet; `append` makes the list. */
export type YamlEdit =
  | { readonly op: 'set'; readonly path: EditPath; readonly value: JsonValue }
  | { readonly op: 'append'; readonly path: EditPath; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: EditPath }

/** A place as people read it: `model_list[3].litellm_params.rpm`. */
export function editPathText(path: EditPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('')
}

/** The edit cannot be made without touching more than its own value; the file is as it was. */
export class EditRefusedError extends Error {
  override readonly name = 'EditRefusedError'
  readonly path: EditPath

  /** @param reason a sentence part behind the place: `stands behind an alias; edit the file by hand` */
  constructor(path: EditPath, reason: string) {
    super(`${editPathText(path) === '' ? 'The file' : editPathText(path)} ${reason}.`)
    this.path = path
  }
}
