import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flattenToolNames, wireToolName } from '../../../gateway/model/flatten-tools.ts'
import type { ToolDefinition } from '../../../gateway/model/model-request.ts'

const tool = (name: string, namespace?: string): ToolDefinition =>
  namespace === undefined ? { type: 'function', name } : { type: 'function', name, namespace }

describe('flattenToolNames', () => {
  it('leaves a plain name as it is', () => {
    const names = flattenToolNames([tool('exec_command')])
    expect(names.flat({ name: 'exec_command' })).toBe('exec_command')
    expect(names.restore('exec_command')).toEqual({ name: 'exec_command' })
  })

  it('joins a namespace and takes it apart again', () => {
    const names = flattenToolNames([tool('close_agent', 'multi_agent_v1')])
    expect(names.flat({ name: 'close_agent', namespace: 'multi_agent_v1' })).toBe('multi_agent_v1__close_agent')
    expect(names.restore('multi_agent_v1__close_agent')).toEqual({ name: 'close_agent', namespace: 'multi_agent_v1' })
  })

  it('takes a name apart by the list of tools, not by its underscores', () => {
    const names = flattenToolNames([tool('b__c', 'a'), tool('plain__name')])
    expect(names.restore('a__b__c')).toEqual({ name: 'b__c', namespace: 'a' })
    expect(names.restore('plain__name')).toEqual({ name: 'plain__name' })
    expect(names.restore('x__y')).toEqual({ name: 'x__y' })
  })

  it('refuses two tools that would share a name', () => {
    expect(() => flattenToolNames([tool('b__c', 'a'), tool('c', 'a__b')])).toThrowError(
      expect.objectContaining({ code: 'invalid_field', param: 'tools' }),
    )
  })

  it('restores a call of the history whose tool is gone, and lets a declared tool win', () => {
    const call = { type: 'tool-call', id: 'c1', name: 'c', namespace: 'a', kind: 'function', arguments: '{}' } as const
    const turns = [{ role: 'assistant', parts: [call] }] as const
    expect(flattenToolNames([], turns).restore('a__c')).toEqual({ name: 'c', namespace: 'a' })
    expect(flattenToolNames([tool('a__c')], turns).restore('a__c')).toEqual({ name: 'a__c' })
  })

  it('finds the tool that a choice means', () => {
    const names = flattenToolNames([tool('read'), tool('read', 'files'), tool('close', 'agents')])
    expect(names.chosen('read')).toBe('read')
    expect(names.chosen('close')).toBe('agents__close')
    expect(names.chosen('agents__close')).toBe('agents__close')
  })

  it('makes allowed, stable, reversible names of anything', () => {
    const text = fc.string({ minLength: 1, maxLength: 90, unit: 'grapheme' })
    fc.assert(
      fc.property(text, fc.option(text, { nil: undefined }), (name, namespace) => {
        const names = flattenToolNames([tool(name, namespace)])
        const identity = namespace === undefined ? { name } : { name, namespace }
        expect(names.flat(identity)).toMatch(wireToolName)
        expect(names.flat(identity)).toBe(flattenToolNames([]).flat(identity))
        expect(names.restore(names.flat(identity))).toEqual(identity)
      }),
    )
  })
})
