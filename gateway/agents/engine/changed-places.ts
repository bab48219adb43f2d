import type { ChangedPlace } from '../../contract/agents.ts'
import type { JsonValue } from '../../model/json.ts'
import { formatOf } from '../formats/formats.ts'
import { locate, placeText } from './place.ts'
import type { RecordedFile } from './record.ts'
import { findDrift } from './settings.ts'
import { withoutSecrets } from './text-diff.ts'

export interface FileTexts {
  /** Undefined = there is no file. */
  readonly now: string | undefined
  /** What an export leaves; undefined = no file. */
  readonly after: string | undefined
}

/**
 * Where an edited file is other than the last export left it, with the three values a reader compares: ours, the one there now,
 * and the one an export writes. A file that is ours alone counts as one place. Pure.
 * @throws UnreadableFileError when an edited file cannot be read
 */
export function changedPlaces(
  { path, format, applied }: RecordedFile,
  { now, after }: FileTexts,
  secrets: readonly string[],
): readonly ChangedPlace[] {
  if (format === 'own') return [{ path, place: null, ours: null, now: null, after: null }]
  const { parse } = formatOf(format)
  const drifted = new Set(findDrift(now ?? '', format, applied))
  const value = (text: string | undefined, place: Parameters<typeof locate>[1]) =>
    valueText(locate(parse(text ?? ''), place).value, secrets)
  return applied
    .filter((setting) => drifted.has(placeText(setting.path)))
    .map((setting) => ({
      path,
      place: placeText(setting.path),
      ours: valueText(setting.after, secrets),
      now: value(now, setting.path),
      after: value(after, setting.path),
    }))
}

function valueText(value: JsonValue | undefined, secrets: readonly string[]): string | null {
  return value === undefined ? null : withoutSecrets(JSON.stringify(value, undefined, 2), secrets)
}
