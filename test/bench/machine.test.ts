import t from 'tap'
import { describeMachine, readMachine } from '../../bench/machine.ts'

t.test('this machine', async t => {
  const machine = readMachine()
  t.match(machine, { cpu: /./, node: process.version, onnxruntime: /^\d+\.\d+\.\d+/, load_average: Number })
  t.ok(machine.cores >= 1)
})

t.test('in a line', async t => {
  const machine = { cpu: 'Abacus', cores: 1, node: 'v20.9.0', onnxruntime: '1.30.0', load_average: 0.2 }
  t.equal(describeMachine(machine), 'Abacus, 1 core, Node v20.9.0, onnxruntime 1.30.0, load average 0.2 before')
  t.match(describeMachine({ ...machine, cores: 2 }), ', 2 cores,')
})
