/** What is known about the context of one call; all in tokens. */
export interface ContextFacts {
  /** A careful estimate of the input (rather too many than too few), and one that is rather too low. */
  readonly inputAtMost: number
  readonly inputAtLeast: number
  /** Room for the answer. */
  readonly output: number
  /** `num_ctx` as the request or the config has it: somebody's decision about memory, kept as it is. */
  readonly written: number | undefined
  /** What earlier calls of this deployment raised it to. */
  readonly raised: number | undefined
  /** The context with which the model is loaded now (`/api/ps`). */
  readonly loaded: number | undefined
  /** What the model was trained for (`/api/show`). */
  readonly trained: number | undefined
}

export interface ContextChoice {
  /** `options.num_ctx`; undefined leaves the server's own. */
  readonly numCtx: number | undefined
  /** What the server works with, as far as it is known. */
  readonly effective: number
  readonly warning: string | undefined
  /** True when the input cannot fit whatever is done. */
  readonly impossible: boolean
}

/** Ollama's default where less than 23 GiB of video memory are found: the least that has to be counted on. */
export const smallestDefault = 4_096

const leastRaise = 8_192
/** Where the trained size is not known, nothing beyond this is asked for: every token of context costs memory. */
const mostUnknown = 131_072

/**
 * Decides `num_ctx`. Ollama cuts a prompt that does not fit without a word (ollama#2963), so a context that is too small is
 * raised, in powers of two, because every change of it loads the model anew; and it stays raised for the same reason.
 */
export function chooseContext(facts: ContextFacts): ContextChoice {
  const { written, raised, loaded, trained } = facts
  const needed = facts.inputAtMost + facts.output
  const effective = written ?? raised ?? loaded ?? smallestDefault
  const most = trained ?? mostUnknown
  if (written !== undefined) return { numCtx: written, effective: written, ...judgeWritten(facts, written) }
  if (needed <= effective) return { numCtx: raised, effective, warning: undefined, impossible: false }
  const wanted = Math.min(most, Math.max(leastRaise, nextPowerOfTwo(needed)))
  if (wanted <= effective) {
    return { numCtx: raised, effective, ...judgeFit(facts, effective, 'the most that this model takes') }
  }
  return { numCtx: wanted, effective: wanted, ...judgeFit(facts, wanted, 'the most that this model takes') }
}

function judgeWritten(facts: ContextFacts, written: number): Pick<ContextChoice, 'warning' | 'impossible'> {
  const { warning } = judgeFit(facts, written, 'its num_ctx; raise num_ctx')
  // The config can be changed: the model itself may well take it.
  return { warning, impossible: facts.trained !== undefined && facts.inputAtLeast > facts.trained }
}

function judgeFit(
  { inputAtMost, inputAtLeast }: ContextFacts,
  size: number,
  what: string,
): Pick<ContextChoice, 'warning' | 'impossible'> {
  if (inputAtMost <= size) return { warning: undefined, impossible: false }
  return {
    warning: `the prompt may be cut: about ${inputAtMost} tokens for a context of ${size}, ${what}`,
    impossible: inputAtLeast > size,
  }
}

/**
 * Whether an answer shows that its prompt was cut: the model has read about as much as fits, and more was sent.
 *
 * @param read `prompt_eval_count`; 0 where it is not told
 */
export function wasCut(read: number, effective: number, facts: Pick<ContextFacts, 'inputAtMost'>): boolean {
  return read > 0 && read >= effective * 0.95 && facts.inputAtMost > effective
}

function nextPowerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, value)))
}
