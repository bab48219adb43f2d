import { formatCount } from '../format/figures.ts'
import { plural } from './plural.ts'

/** Words of the page Routers: what is edited there. */
export const routerEditorStrings = {
  perMillion: '$ per M, in / out',
  unknownPrice: 'unknown',
  local: 'local',
  flatRate: 'flat rate',
  demo: 'demo',
  was: (value: string) => `was ${value}`,
  wasNothing: 'no model',
  pinnedNote: (tier: string) => `Pinned: every request goes to ${tier}. The scores below count again at Auto.`,
  offNote: 'Off: not offered to clients. What is set here counts when it is switched on.',
  models: {
    add: (tier: string) => `Add a model to ${tier}`,
    filter: 'Filter models',
    none: (text: string) => `No model is called “${text}”.`,
    all: 'Every model is in this tier already.',
    noList: 'The models could not be read. Open this again.',
    /** Behind its name, for who does not see the chain. */
    place: (place: number, count: number) => `${place} of ${count}`,
    earlier: 'Try earlier',
    later: 'Try later',
    remove: 'Remove from this tier',
  },
  boundaries: {
    from: (tier: string) => `${tier} from`,
    hint: 'Arrows move a boundary by 0.01, with Shift by 0.05.',
  },
  weights: {
    title: 'Weights',
    sum: (sum: string) => `sum ${sum}, need not be 1`,
    slider: (name: string) => `${name}, slider`,
    problem: (typed: string) => `A number such as 0.25, from −10 to 10. You typed ${typed === '' ? 'nothing' : typed}.`,
    failed: (reason: string) => `The weights could not be read: ${reason}`,
  },
  rules: {
    title: 'Rules',
    note: 'before the score',
    reasoning: 'Two or more reasoning markers',
    reasoningFrom: (score: string) => `Two or more reasoning markers and a score from ${score}`,
    noText: 'No text of a user',
    noTextTier: 'the first of MEDIUM, SIMPLE, COMPLEX, REASONING that has a model',
    noSignal: 'No signal at all',
    byScore: 'by score (0)',
    noSignalLabel: 'Tier for a prompt without a signal',
  },
  tryPrompt: {
    savedGives: 'Saved settings give',
    same: 'The same as with the saved settings.',
    noModel: 'no model',
  },
  week: {
    title: 'Last week with these settings',
    replayed: (count: number) => `${plural(count, 'decision', 'decisions')} replayed`,
    sample: (count: number, all: number) => `${formatCount(count)} of ${formatCount(all)} decisions, an even sample`,
    saved: 'Saved',
    edited: 'Edited',
    decisions: (count: number) => (count === 1 ? 'decision' : 'decisions'),
    noMoves: 'No decision would change.',
    cheaper: (share: string) => `${share} cheaper.`,
    dearer: (share: string) => `${share} dearer.`,
    sameCost: 'The cost would be the same.',
    unknown: (count: number) => `${plural(count, 'request', 'requests')} of unknown cost not included.`,
    labels: (count: number) => `${plural(count, 'label', 'labels')} of yours would be contradicted.`,
    labelsFixed: (before: number, after: number) =>
      `Labels contradicted: ${formatCount(before)} with the saved settings, ${formatCount(after)} with the edited ones.`,
    empty: 'No decision of this router in the last seven days. Once there are some, they are decided again here.',
    failed: (reason: string) => `Not replayed: ${reason}`,
    mix: (which: string, parts: string) => `${which}: ${parts}`,
  },
  bar: {
    changes: (count: number) => `${plural(count, 'change', 'changes')} not saved`,
    saving: 'Saving',
    saved: 'Saved to config.yaml. It is in effect.',
    conflict:
      'config.yaml was changed elsewhere since it was read here. Your changes are kept; look at them and save again.',
    readAgain: 'Read it again',
    failed: (reason: string) => `Not saved: ${reason}`,
    refused: (problem: string, more: number) =>
      `Not saved, the file would have an error: ${problem}${more > 0 ? ` (and ${formatCount(more)} more)` : ''}`,
    noModel: 'A router needs at least one model.',
  },
  change: {
    from: (name: string, before: string, after: string) => `${name} ${before} → ${after}`,
    tier: (tier: string, after: string) => `${tier} → ${after}`,
    boundary: (tier: string, before: string, after: string) => `${tier} from ${before} → ${after}`,
    noSignal: (before: string, after: string) => `no signal ${before} → ${after}`,
  },
} as const
