/** The agents of oh-my-openagent that work; what is not named here has opencode's own model. */
export const roleNames = [
  'sisyphus',
  'hephaestus',
  'sisyphus-junior',
  'prometheus',
  'metis',
  'momus',
  'oracle',
  'atlas',
  'multimodal-looker',
  'librarian',
  'explore',
] as const

/** Its kinds of task. */
export const categoryNames = [
  'visual-engineering',
  'ultrabrain',
  'deep',
  'artistry',
  'quick',
  'unspecified-low',
  'unspecified-high',
  'writing',
] as const
