/**
 * Reads a pickle without executing anything. Known functions build tensors and dicts; any other class or function becomes
 * a placeholder, so that a checkpoint may hold the state of schedulers, callbacks and hyperparameters.
 */
import { PickleMachine, pickleError, type PickleOptions } from './pickle-machine.ts'
import { OPERATIONS, STOP } from './pickle-opcodes.ts'

/**
 * Reads one pickle of protocol 2 to 5.
 * @returns its value (dicts are Maps, tuples and lists arrays) and where the next pickle begins
 * @throws CheckpointError if it is damaged or takes too much memory
 */
export function readPickle (bytes: Buffer, start: number, options: PickleOptions): { value: unknown, end: number } {
  const machine = new PickleMachine(bytes, start, options)
  for (;;) {
    machine.spend(1)
    const code = machine.take(1).readUInt8()
    if (code === STOP) return { value: machine.pop(), end: machine.position }
    const operation = OPERATIONS[code]
    if (!operation) throw pickleError(`opcode 0x${code.toString(16)} is not one of protocols 2 to 5`)
    operation(machine)
  }
}
