import { useMantineColorScheme } from '@mantine/core'
import { Segmented } from '../../components/segmented.tsx'
import { strings } from '../../strings.ts'

const words = strings.settingsPage.appearance
const schemes = ['auto', 'light', 'dark'] as const

/** The colours of this page, remembered by the browser or the desktop's window. */
export function AppearancePart() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Segmented
      label={words.scheme}
      options={schemes.map((value) => ({ value, label: words.schemes[value] }))}
      value={colorScheme}
      onChange={setColorScheme}
    />
  )
}
