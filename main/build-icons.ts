/** `npm run build:icons`: every icon anew from the drawings in resources/icons/source. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drawIcon } from './icons/draw-icon.ts'
import { iconSet } from './icons/icon-set.ts'

const icons = fileURLToPath(new URL('../resources/icons', import.meta.url))
for (const file of iconSet()) {
  const path = join(icons, file.path)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, drawIcon(join(icons, 'source'), file))
}
