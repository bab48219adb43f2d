import { createTheme } from '@mantine/core'

/**
 * The part of the theme that Mantine's own code reads. Colours and sizes live in styles/tokens.css: the provider would
 * have to inject a style element to set them, which the page's CSP forbids.
 */
export const theme = createTheme({
  autoContrast: false,
  cursorType: 'pointer',
  respectReducedMotion: true,
})
