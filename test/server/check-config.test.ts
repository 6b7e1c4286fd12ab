import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkConfig, checkModels, checkProviders, listenProblem } from '../../server/check-config.ts'
import { readConfig } from '../../server/config.ts'

t.test('the folder of models must be readable, the host must have an address', async t => {
  const folder = t.testdir({})
  await checkConfig(readConfig({ MODELS_DIR: folder, HOST: 'localhost' }))
  writeFileSync(join(folder, 'file'), '')
  symlinkSync('loop', join(folder, 'loop'))
  await checkConfig(readConfig({ FEEDBACK_DIR: folder }))
  const wrong = [
    [{ FEEDBACK_DIR: join(folder, 'none') }, /^FEEDBACK_DIR: ".*none" is invalid; expected a writable folder: no such file or directory$/],
    [{ MODELS_DIR: join(folder, 'none') }, /^MODELS_DIR: ".*none" is invalid; expected a readable folder: no such file or directory$/],
    [{ MODELS_DIR: join(folder, 'file') }, /^MODELS_DIR: ".*file" is invalid; expected a readable folder: is a file, not a directory$/],
    [{ MODELS_DIR: join(folder, 'loop') }, /^MODELS_DIR: ".*loop" is invalid; expected a readable folder: .*ELOOP/],
    [{ HOST: 'no-such-host.invalid' }, /^HOST: "no-such-host\.invalid" is invalid; the name has no address; use/]
  ] as const
  for (const [env, message] of wrong) await t.rejects(checkConfig(readConfig(env)), { name: 'ConfigError', message })
})

t.test('named models must exist', async t => {
  const models = ['nanodet-m-416', 'mine']
  checkModels(readConfig({ DEFAULT_MODEL: 'mine', PRELOAD: '*' }), models)
  checkModels(readConfig({ PRELOAD: 'mine,nanodet-m-416' }), models)
  t.throws(() => checkModels(readConfig({ DEFAULT_MODEL: 'yolo' }), models),
    { message: 'DEFAULT_MODEL: "yolo" is invalid; expected the name of a model: nanodet-m-416, mine' })
  const many = Array.from({ length: 5000 }, (_, i) => `m${i}`)
  t.throws(() => checkModels(readConfig({ DEFAULT_MODEL: 'yolo' }), many), { message: /m29 or 4970 more$/ })
  t.throws(() => checkModels(readConfig({ PRELOAD: 'mine,yolo' }), models), { message: /^PRELOAD: "yolo" is invalid; expected the name of a model/ })
})

t.test('onnxruntime must have the execution providers', async t => {
  const check = (providers: string) => checkProviders(readConfig({ EXECUTION_PROVIDERS: providers }), ['cpu', 'webgpu', 'cuda'])
  check('cuda:1,webgpu,cpu')
  t.throws(() => check('cuda,dml,cpu'), {
    name: 'ConfigError', message: `EXECUTION_PROVIDERS: "dml" is invalid; onnxruntime offers cpu, webgpu or cuda on ${process.platform}-${process.arch}`
  })
})

t.test('errors of listening name the variable', async t => {
  const config = { HOST: '10.9.8.7', PORT: 80 }
  const messageOf = (code: string) => listenProblem(Object.assign(new Error(code), { code }), config)?.message
  t.equal(messageOf('EADDRINUSE'), 'PORT: 80 is in use on 10.9.8.7; stop the other program or set another PORT')
  t.match(messageOf('EACCES'), /^PORT: 80 needs the permission/)
  t.match(messageOf('EADDRNOTAVAIL'), /^HOST: "10\.9\.8\.7" is invalid; this machine does not have the address/)
  t.equal(messageOf('EMFILE'), undefined)
})
