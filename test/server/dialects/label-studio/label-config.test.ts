import t from 'tap'
import { parseLabelConfig } from '../../../../server/dialects/label-studio/label-config.ts'
import { cpuClock, cpuTime } from '../../../support/cpu-time.ts'

t.test('boxes on images', async t => {
  const config = parseLabelConfig(`<View>
    <Image name="other" value="$thumb"/>
    <Image name='photo' value="$image" zoom="true"></Image>
    <Choices name="day" toName="photo"><Choice value="car"/></Choices>
    <PolygonLabels name="shape" toName="photo"><Label value="dog"/></PolygonLabels>
    <RectangleLabels name="boxes" toName="photo">
      <Label value="Person" background="green"/>
      <Label value="Cats &amp; dogs" predicted_values="cat, Dog"/>
    </RectangleLabels>
    <RectangleLabels name="more" toName="photo"><Label value="bus"/></RectangleLabels>
  </View>`)
  t.match(config, { fromName: 'boxes', toName: 'photo', imageKey: 'image' })
  const pets = 'Cats & dogs'
  t.same(Object.fromEntries(config!.labels), { person: 'Person', 'cats & dogs': pets, cat: pets, dog: pets })
})

t.test('what is not that', async t => {
  for (const xml of [
    '', '<View/>', 'x'.repeat(100_000), '<RectangleLabels name="a" toName="b"/>',
    '<RectangleLabels toName="b"/><Image name="b" value="$c"/>',
    '<RectangleLabels name="a" toName="b"/><Image name="b" value="http://x"/>'
  ]) t.equal(parseLabelConfig(xml), undefined, xml.slice(0, 80))
  const open = '<Image name="b" value="$c"/><RectangleLabels name="a" toName="b">'
  t.equal(parseLabelConfig(open)?.labels.size, 0, 'not closed')
})

t.test('a hostile one takes no time', async t => {
  const spent = cpuClock()
  for (const piece of ['<Label ', '<Label "', '<RectangleLabels ', '<Label value = "', "<Image name='"]) {
    parseLabelConfig(piece.repeat(100_000))
  }
  t.ok(spent() < 1000)
})

t.test('what comes back with every region is short', async t => {
  const long = 'a'.repeat(257)
  const config = (from: string, to: string, key: string, label = 'person') => parseLabelConfig(
    `<Image name="${to}" value="$${key}"/><RectangleLabels name="${from}" toName="${to}">` +
    `<Label value="${label}" predicted_values="tie"/></RectangleLabels>`)
  t.ok(config('f', 't', 'k'))
  for (const wrong of [config(long, 't', 'k'), config('f', long, 'k'), config('f', 't', long)]) t.equal(wrong, undefined)
  t.equal(config('f', 't', 'k', 'a'.repeat(60_000))?.labels.get('tie')?.length, 256)
})

t.test('comments are passed over, and values may hold >', async t => {
  const config = parseLabelConfig(`<View><!-- <RectangleLabels name="old" toName="i"/> <!-- -->
    <Image name="i" value="$image"/><RectangleLabels name="l" toName="i">
    <Label hint="a > b" value="person"/><!-- <Label value="cat"/> --><Label hint='>' value='tie'/></RectangleLabels><!--`)
  t.match(config, { fromName: 'l', imageKey: 'image' })
  t.same([...config!.labels.keys()], ['person', 'tie'])
})

t.test('broken tags do not hold up the event loop', async t => {
  const ms = cpuTime(() => {
    for (const part of ['<Label "', '<Label value="', '<Label \'"', '<!--', '<Label name= ', '<Label a="" ']) {
      t.equal(parseLabelConfig(part.repeat(100_000)), undefined, part)
    }
    t.equal(parseLabelConfig(`<Label ${'a="" '.repeat(20_000)}`), undefined)
    t.equal(parseLabelConfig(`<Label ${'"" '.repeat(20_000)}<`), undefined)
  })
  t.ok(ms < 500, `${ms} ms`)
})
