import t from 'tap'
import { readCvatFile } from '../../../cli/eval/cvat-file.ts'

/** As CVAT writes it for a task. */
const META = `  <version>1.1</version>
  <meta>
    <task>
      <id>17</id>
      <name>yard</name>
      <size>3</size>
      <mode>annotation</mode>
      <overlap>0</overlap>
      <labels>
        <label>
          <name>plate</name>
          <color>#f2e6b5</color>
          <type>any</type>
          <attributes>
          </attributes>
        </label>
        <label>
          <name>fork lift</name>
          <color>#33ddff</color>
          <type>rectangle</type>
          <attributes>
            <attribute>
              <name>state</name>
              <mutable>False</mutable>
              <input_type>select</input_type>
              <default_value>new</default_value>
              <values>new
used</values>
            </attribute>
          </attributes>
        </label>
        <label><name>arm</name><type>polygon</type></label>
        <label><name>joint</name><type>any</type><parent>arm</parent></label>
      </labels>
    </task>
    <dumped>2026-07-06 07:55:09.743978+00:00</dumped>
  </meta>`
const IMAGES = `
  <image id="0" name="gate/one.jpg" width="970" height="544">
    <box label="plate" source="manual" occluded="0" xtl="149.95" ytl="445.44" xbr="387.70" ybr="538.05" z_order="0">
    </box>
    <box label="fork lift" source="manual" occluded="1" xtl="10.00" ytl="20.00" xbr="50.00" ybr="40.00" rotation="90.0" z_order="1">
      <attribute name="state">used</attribute>
    </box>
    <box label="plate" occluded="0" outside="1" xtl="0" ytl="0" xbr="5" ybr="5"></box>
    <polygon label="arm" source="manual" occluded="0" points="874.39,919.17;669.02,827.23;645.14,845.14" z_order="0">
    </polygon>
    <tag label="night" source="manual">
    </tag>
  </image>
  <image id="1" name="two.jpg" width="682" height="473">
    <box label="pallet" source="semi-auto" occluded="0" xtl="1" ytl="2" xbr="3" ybr="5" z_order="0"></box>
  </image>
  <image id="2" name="three.jpg" width="10" height="10">
  </image>`
const xml = (content: string): string => `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n${content}\n</annotations>\n`

t.test('boxes of a task', async t => {
  const folder = t.testdir({ 'annotations.xml': xml(META + IMAGES) })
  const { images, annotations, categories, notes, sizes } = await readCvatFile(`${folder}/annotations.xml`)
  t.same(images.map(({ file_name: file }) => file), ['gate/one.jpg', 'two.jpg', 'three.jpg'])
  const rounded = annotations.map(({ bbox, ...rest }) => ({ ...rest, bbox: bbox.map(value => Math.round(value * 100) / 100) }))
  t.match(rounded, [
    { image_id: 'gate/one.jpg', category_id: 'plate', bbox: [149.95, 445.44, 237.75, 92.61] },
    { image_id: 'gate/one.jpg', category_id: 'fork lift', bbox: [20, 10, 20, 40] },
    { image_id: 'two.jpg', category_id: 'pallet', bbox: [1, 2, 2, 3], area: 6 }
  ])
  t.equal(annotations.length, 3)
  t.same(categories.map(({ name }) => name), ['plate', 'fork lift', 'pallet'], 'declared labels that boxes may have come first')
  t.same(sizes?.get('two.jpg'), { width: 682, height: 473 })
  t.same(notes, ['1 rotated box: the bounding box counts', 'ignored, since only boxes are read: 1 polygon, 1 tag'])
  t.same(await readCvatFile(folder), { images, annotations, categories, notes, sizes }, 'the folder of the export')
})

t.test('a project\'s labels, and no notes without reason', async t => {
  const meta = '<meta><project><labels><label><name>a</name></label><label></label></labels></project></meta>'
  const folder = t.testdir({ 'annotations.xml': xml(`${meta}<image id="0" name="a.jpg"/>`) })
  t.match(await readCvatFile(folder), { categories: [{ name: 'a' }], notes: { length: 0 }, annotations: { length: 0 } })
})

t.test('faults name the file', async t => {
  const image = (content: string): string => xml(`<image id="7" name="a.jpg">${content}</image>`)
  const cases: Array<[text: string, message: RegExp]> = [
    ['<a>', /annotations\.xml: not XML: /],
    ['<a/>', /expected <annotations>, found <a>$/],
    [xml('<track id="0" label="a"/>'), /it has tracks of a video: export the task as "CVAT for images 1\.1"$/],
    [xml(META), /no <image>$/],
    [xml('<image id="7"/>'), /<image id="7">: expected a name$/],
    [xml('<image/>'), /<image id="">: expected a name$/],
    [image('<box label="a" xtl="1" ytl="2" xbr="x"/>'), /<box>: expected a number in xbr, found x$/],
    [image('<box xtl="1" ytl="2" xbr="3" ybr="4"/>'), /a\.jpg: a box without a label$/],
    [image('<box label="a" xtl="-1e308" ytl="2" xbr="1e308" ybr="4"/>'), /a\.jpg: a box whose coordinates are not numbers$/],
    [xml('<image name="a.jpg"/><image name="b.jpg"/><image name="a.jpg"/>'), /a\.jpg: listed more than once/],
    ['<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><annotations>&b;</annotations>', /not XML: entity not found/]
  ]
  for (const [text, message] of cases) {
    await t.rejects(readCvatFile(t.testdir({ 'annotations.xml': text })), { name: 'CommandError', message })
  }
})
