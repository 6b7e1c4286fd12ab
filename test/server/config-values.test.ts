import t from 'tap'
import type { z } from 'zod'
import { bytes, isHost, isHostName, isNetwork, isOrigin, list, milliseconds, oneOf, pairs, setting, url, wholeNumber, yesOrNo } from '../../server/config-values.ts'

/** The value, or the message if there is none. */
const read = (type: z.ZodType, text: string): unknown => {
  const { data, error } = type.safeParse(text)
  return error ? error.issues[0]!.message : data
}

t.test('bytes: letters alone and units with an i are powers of 1024, others of 1000', async t => {
  const values = { 20: 20, '20B': 20, '20KB': 20e3, '20MB': 20e6, '20mb': 20e6, '2GB': 2e9, '20K': 20480, '20M': 20 * 2 ** 20, '2g': 2 ** 31, '20MiB': 20 * 2 ** 20, '20Mi': 20 * 2 ** 20, '1.5 MiB': 1.5 * 2 ** 20 }
  for (const [text, value] of Object.entries(values)) t.equal(read(bytes(1), text), value, text)
  for (const text of ['', 'MB', '20XB', '1.2.3M', '-1', '0', '99999999G']) t.match(read(bytes(1), text), /^expected a number of bytes of at least 1/, text)
})

t.test('times', async t => {
  const values = { 500: 500, '500ms': 500, '5s': 5000, '0.5 s': 500, '2m': 120_000, '2min': 120_000, '1h': 3_600_000 }
  for (const [text, value] of Object.entries(values)) t.equal(read(milliseconds(0), text), value, text)
  for (const text of ['', 's', '5d', '1h30m', '25d', '2147483648']) t.match(read(milliseconds(0), text), /^expected a time from 0 to 2147483647 ms/, text)
})

t.test('numbers, choices and booleans', async t => {
  t.equal(read(wholeNumber(1, 9), ' 7 '), 7)
  for (const text of ['0', '10', '1.0', '1e0', 'x']) t.equal(read(wholeNumber(1, 9), text), 'expected a whole number from 1 to 9', text)
  t.equal(read(wholeNumber(1), 'x'), 'expected a whole number of at least 1')
  t.equal(read(oneOf(['a', 'b', 'c']), 'b'), 'b')
  t.equal(read(oneOf(['a', 'b', 'c']), 'd'), 'expected a, b or c')
  t.same(['true', 'TRUE', '1', 'false', '0'].map(text => read(yesOrNo(), text)), [true, true, true, false, false])
  t.equal(read(yesOrNo(), 'yes'), 'expected true or false')
  t.equal(read(setting('x', text => text === 'x' ? text : undefined), 'y'), 'expected x')
})

t.test('lists have at least one item', async t => {
  t.same(read(list(), ' a, b ,,a'), ['a', 'b'])
  t.match(read(list(), ' , '), /^expected at least one item/)
  t.equal(read(list('digits', item => /^\d$/.test(item)), '1,x'), 'expected digits')
})

t.test('URLs and pairs', async t => {
  t.equal(read(url(), 'https://collector.example:4318/path'), 'https://collector.example:4318/path')
  for (const text of ['collector:4318', 'ftp://collector', 'http://']) t.match(read(url(), text), /^expected a URL/, text)
  t.equal(read(pairs(), 'a=1, b=two%2C'), 'a=1, b=two%2C')
  for (const text of ['a', '=1', 'a=1,b', 'a=%', 'a=b=c']) t.match(read(pairs(), text), /^expected pairs/, text)
})

t.test('hosts, networks and origins', async t => {
  for (const text of ['localhost', 'a-b.example', '127.0.0.1', '::', 'fe80::1']) t.ok(isHost(text), text)
  for (const text of ['', '-a', 'a b', 'a:80', 'http://a', '[::1]']) t.notOk(isHost(text), text)
  t.notOk(isHostName('::1'))
  for (const text of ['10.0.0.1', '10.0.0.0/8', 'fc00::/7', 'loopback', 'uniquelocal']) t.ok(isNetwork(text), text)
  for (const text of ['true', '2', '10.0.0.0/', '10.0.0.0/33', '::/129', '10.0.0.0/8/1', 'proxy']) t.notOk(isNetwork(text), text)
  for (const text of ['*', 'https://a.example', 'http://localhost:3000']) t.ok(isOrigin(text), text)
  for (const text of ['null', 'a.example', 'https://a.example/', 'https://a:b', 'file:///']) t.notOk(isOrigin(text), text)
})
