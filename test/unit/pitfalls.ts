/** Where a pitfall is tested: a file below `test/`, and words of the title of a test in it. */
export interface Covered {
  readonly file: string
  readonly test: string
}

/** A pitfall with the tests that cover it, or the reason why it cannot reach the gateway. */
export type Pitfall = readonly [number: number, what: string, coverage: readonly Covered[] | string]

const at = (file: string, test: string): Covered => ({ file, test })

const unit = 'unit/providers'
const anthropic = `${unit}/anthropic/answers.test.ts`
const anthropicOrder = `${unit}/anthropic/pitfalls.test.ts`
const chat = `${unit}/openai-compatible/chat-reader.test.ts`
const chatCalls = `${unit}/openai-compatible/chat-tool-calls.test.ts`
const chatMessages = `${unit}/openai-compatible/model-messages.test.ts`
const chatParameters = `${unit}/openai-compatible/model-parameters.test.ts`
const gemini = `${unit}/gemini/answer-reader.test.ts`
const geminiOrder = `${unit}/gemini/order-and-state.test.ts`
const responses = `${unit}/openai-responses/responses-reader.test.ts`
const responsesBody = `${unit}/openai-responses/build-model-body.test.ts`
const toMessages = 'unit/dialects/messages/write-answer.test.ts'
const toResponses = 'unit/dialects/responses/response-writer.test.ts'
const toChat = 'unit/dialects/chat-completions/write-answer.test.ts'
const trouble = 'integration/acceptance/upstream-trouble.test.ts'
/** Each of these before each dialect and each wire. */
const cells = 'integration/translation/cells.ts'
const openAiForms = 'integration/http/openai-forms.test.ts'

const ollama = `${unit}/ollama/ollama.test.ts`

/**
 * What users of gateways ran into, numbered as in our collection of reports: issues of gateways, agents and servers.
 */
export const pitfalls: readonly Pitfall[] = [
  [1, 'thinking inside a text block, two starts', [at(chat, 'pitfall 1:'), at(toMessages, 'pitfall 1:')]],
  [2, 'an empty text block before a call', [at(toMessages, 'pitfall 2:'), at(gemini, 'pitfall 2:')]],
  [3, 'arguments that come only in the done event', [at(responses, '§9 #3, #76')]],
  [4, 'a whole call in the first chunk', [at(toMessages, 'pitfalls 4, 7:')]],
  [5, 'chunks without choices', [at(chat, 'pitfall 5:')]],
  [6, 'an error event taken for success', [at(anthropic, 'pitfall 6:'), at(toResponses, '§9 #6')]],
  [7, 'parallel calls that merge', [at(chatCalls, 'pitfall 7: parallel calls with'), at(gemini, 'pitfall 7, 26:')]],
  [8, 'call fragments without or with odd ids', [at(chatCalls, 'pitfall 8: a fragment'), at(anthropic, 'pitfall 8:')]],
  [
    9,
    'empty arguments',
    [at(chatCalls, 'pitfall 9: arguments of'), at(toMessages, 'pitfall 9:'), at(cells, "name: 'bare call'")],
  ],
  [10, 'usage in the finish chunk', [at(chat, 'pitfall 10:')]],
  [11, 'line ends other than LF', [at(anthropic, 'pitfalls 11, 13'), at('unit/upstream/event-splitter.test.ts', 'CR')]],
  [12, 'data over several lines', [at(`${unit}/chat-stream-tap.test.ts`, 'multi-line data')]],
  [13, 'characters cut between chunks', [at(anthropic, 'pitfalls 11, 13'), at(responses, '§9 #11, #13')]],
  [14, 'comments taken for JSON', [at(`${unit}/chat-stream-tap.test.ts`, 'null deltas and comments')]],
  [15, 'an error chunk in the stream', [at(chat, 'pitfall 15, 27:'), at(responses, '§9 #15, #85')]],
  [
    16,
    'fallback too late or never',
    [at('integration/relay/relay-answers.test.ts', 'with an error before output moves on')],
  ],
  [17, 'Responses events out of order', [at(toResponses, '§9 #17, #73')]],
  [18, 'an empty output in the last event', [at(responses, '§9 #18')]],
  [19, 'private events that reach the client', [at(anthropic, '(pitfall 19)'), at(responses, '§9 #19')]],
  [
    20,
    'state that leaks between requests',
    [at(chat, 'pitfall 20:'), at('integration/translation/interleaved-streams.test.ts', 'keep to themselves')],
  ],
  [21, 'a finish without content', [at(chat, 'pitfall 21:'), at(gemini, 'pitfall 21: %s is an error')]],
  [22, 'cached tokens counted twice', [at(toMessages, 'pitfalls 22, 82, 86:'), at(toChat, 'pitfall 22:')]],
  [23, 'running totals added up', [at(anthropic, 'pitfall 23:')]],
  [
    24,
    'more cached than input tokens',
    [at(gemini, 'pitfall 24:'), at(`${unit}/chat-usage.test.ts`, 'keeps the parts within the totals')],
  ],
  [25, 'unknown stop reasons', [at(chat, 'pitfall 25: the reason %s of a text'), at(anthropic, 'pitfall 25, row 59:')]],
  [26, 'stop where there were calls', [at(chat, 'pitfall 26:'), at(gemini, 'pitfall 7, 26:')]],
  [27, 'an error as a finish reason', [at(chat, 'pitfall 15, 27:')]],
  [28, 'ids with characters that are refused', [at(chatCalls, 'pitfall 28, 29:'), at(anthropic, 'pitfalls 28, 29:')]],
  [29, 'ids that are too long', [at(chatMessages, 'pitfall 29:'), at(responsesBody, '§9 #29')]],
  [30, 'Mistral’s ids of nine letters', [at(chatMessages, 'pitfall 30:')]],
  [31, 'Mistral: user after tool', [at(chatMessages, 'pitfall 31:')]],
  [32, 'an image between tool results', [at(anthropicOrder, '32:'), at(chatMessages, 'pitfall 32:')]],
  [33, 'orphan calls and results', [at(anthropicOrder, '33: calls without a result'), at(responsesBody, '§9 #33')]],
  [34, 'results in contents of their own', [at(geminiOrder, 'pitfall 34:')]],
  [35, 'empty text blocks', [at(anthropicOrder, '35:'), at(responsesBody, '§9 #35')]],
  [36, 'arguments as objects or as strings', [at(ollama, 'pitfall 36:'), at(ollama, 'whole calls and counts')]],
  [37, 'a prefill that new models refuse', [at(anthropicOrder, '37, 81:')]],
  [38, 'system messages in mid conversation', [at(anthropicOrder, '38:'), at(chatMessages, 'pitfall 38, 84:')]],
  [39, 'the developer role', [at(chatMessages, '(pitfall 39)')]],
  [
    40,
    'a freeform call returned as a function',
    [at(toResponses, '§9 #40, #42, #75'), at(chatCalls, 'pitfall 40, 75:')],
  ],
  [41, 'lists where texts are wanted', [at(chatMessages, 'pitfall 41:')]],
  [
    42,
    'a freeform tool that gets lost',
    [at(`${unit}/openai-compatible/model-tools.test.ts`, 'pitfall 42:'), at(gemini, 'pitfall 40, 42:')],
  ],
  [43, 'thinking lost on replay', [at(toChat, 'pitfall 43:'), at(responsesBody, '§9 #43')]],
  [
    44,
    'signatures of another provider',
    [at(geminiOrder, 'pitfall 44:'), at('integration/translation/state-switch.test.ts', 'and back')],
  ],
  [
    45,
    'a missing thought signature',
    [
      at(geminiOrder, 'pitfall 45:'),
      at('integration/translation/state-switch.test.ts', 'goes on at Gemini with the placeholder'),
    ],
  ],
  [46, 'a signature inside an id', [at(gemini, 'pitfall 29, 46:')]],
  [47, 'DeepSeek wants its reasoning back', [at(chatMessages, 'pitfall 47, 83:')]],
  [48, 'fields of reasoning that are refused', [at(chatMessages, 'pitfall 48:')]],
  [49, 'reasoning without what follows it', [at(responsesBody, '§9 #49, #72')]],
  [
    50,
    'reasoning lost over two bridges',
    [
      at('unit/relay/reasoning-cache.test.ts', 'comes back before the tool call'),
      at('integration/translation/state-switch.test.ts', 'has its state kept for it'),
    ],
  ],
  [51, 'reasoning under two names', [at(chat, 'reads reasoning in %s')]],
  [52, 'limits and sampling that a model refuses', [at(chatParameters, 'pitfall 52:')]],
  [
    53,
    'temperature refused by new Claude models',
    [at(`${unit}/anthropic/native.test.ts`, 'temperature is dropped where it is refused')],
  ],
  [
    54,
    'beta fields sent elsewhere',
    [
      at(anthropicOrder, '54:'),
      at(chatParameters, 'pitfall 54'),
      at(`${unit}/gemini/request-matrix.test.ts`, 'pitfall 54'),
    ],
  ],
  [55, 'schema keywords that Gemini refuses', [at(`${unit}/gemini/schema.test.ts`, 'pitfall 55, 79:')]],
  [56, 'a forced tool beside thinking', [at(anthropicOrder, '56:')]],
  [
    57,
    'more than four cache marks',
    [at(anthropicOrder, '57: of six'), at(`${unit}/openai-responses/write-parameters.test.ts`, '§9 #57')],
  ],
  [
    58,
    'images as URL or base64',
    [at('unit/dialects/chat-completions/read-request.test.ts', 'pitfall 58:'), at(geminiOrder, 'pitfall 58:')],
  ],
  [
    59,
    'an upstream not stopped when the client leaves',
    [
      at(trouble, 'in the middle of a stream ends the upstream request'),
      at(trouble, 'before the head ends the upstream request'),
    ],
  ],
  [
    60,
    'prompts that Ollama cuts silently',
    [
      at(ollama, 'pitfall 60: is raised'),
      at(ollama, 'pitfall 60: a prompt'),
      at(ollama, 'pitfall 60: an answer'),
      at('integration/translation/told-losses.test.ts', 'pitfall 60:'),
    ],
  ],
  [
    61,
    'Z.ai’s plan on the wrong endpoint',
    [at(`${unit}/failure-classes.test.ts`, 'pitfall 61:'), at(`${unit}/chat-failure.test.ts`, 'pitfall 61:')],
  ],
  [62, 'the session header of OpenCode', [at('unit/relay/session-header.test.ts', 'pitfall 62:')]],
  [63, 'a 404 for compaction', [at(openAiForms, 'POST /v1/responses/compact is a 404')]],
  [64, 'a WebSocket that is not refused with 426', [at(openAiForms, 'is a 426')]],
  [
    65,
    'overflow and rate limits mixed up',
    [
      at(`${unit}/chat-failure.test.ts`, 'never takes a 429 for an overflow'),
      at(`${unit}/gemini/failure.test.ts`, 'pitfall 65:'),
    ],
  ],
  [
    66,
    'state sent with another key',
    [at(responsesBody, '§9 #44, #66'), at(`${unit}/openai-compatible/needs-translation.test.ts`, 'pitfall 66, 71:')],
  ],
  [67, 'an empty finish reason', [at(chat, 'pitfall 67:')]],
  [68, 'the index of a block as that of a choice', [at(toChat, 'pitfall 68:')]],
  [69, 'a cut stream taken for complete', [at(chat, 'pitfall 69: an end of bytes'), at(anthropic, 'pitfall 69:')]],
  [70, 'streams without a finish reason', [at(chat, 'pitfall 70:')]],
  [71, 'a placeholder inside a thinking block', [at(anthropicOrder, '71, 72:')]],
  [72, 'a cut signature that spoils what follows', [at(anthropicOrder, '71, 72:'), at(responsesBody, '§9 #49, #72')]],
  [73, 'Responses events that lack members', [at(toResponses, '§9 #17, #73')]],
  [74, 'reasoning before any item', [at(responses, '§9 #2, #74')]],
  [75, 'wrappers of freeform input', [at(chatCalls, 'pitfall 40, 75:'), at(toResponses, '§9 #40, #42, #75')]],
  [76, 'text only in the done item', [at(responses, '§9 #3, #76')]],
  [77, 'an image beside a function response', [at(geminiOrder, 'pitfall 32, 77:')]],
  [78, 'parallel calls replayed one by one', [at(geminiOrder, 'pitfall 78:')]],
  [79, 'schema keywords beyond a black list', [at(`${unit}/gemini/schema.test.ts`, 'pitfall 55, 79:')]],
  [80, 'two calls in one string', [at(chatCalls, 'pitfall 80:')]],
  [81, 'history that ends with the assistant', [at(anthropicOrder, '37, 81:'), at(responsesBody, '§9 #81')]],
  [
    82,
    'errors of tools that get lost',
    [
      at(responsesBody, '§9 #82'),
      at(toMessages, 'pitfalls 22, 82, 86:'),
      at(ollama, 'pitfall 82:'),
      at(chatMessages, 'pitfall 82:'),
    ],
  ],
  [83, 'DeepSeek’s thinking without its history', [at(chatMessages, 'pitfall 47, 83:')]],
  [84, 'late system messages as developer', [at(chatMessages, 'pitfall 38, 84:')]],
  [85, 'an error shown as an empty success', [at(chat, 'pitfall 85:'), at(toResponses, '§9 #6, #85')]],
  [
    86,
    'an incomplete answer shown as complete',
    [at(responses, '(§9 #86)'), at(toMessages, 'pitfalls 22, 82, 86:'), at(toResponses, '§9 #69, #86')],
  ],
  [87, 'silence that Codex gives up on', [at(toResponses, '§9 #87')]],
]
